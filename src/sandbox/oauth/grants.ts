import { createHash, randomUUID } from 'node:crypto';
import { readToken, signToken, type TokenClaims, type TokenKind } from './signed-token.ts';

const CODE_LIFE_MS = 60_000;
/** Discord names no life for refresh tokens; half a year keeps them from living for ever. */
const REFRESH_LIFE_MS = 180 * 24 * 60 * 60 * 1000;
/** Codes and revocations kept at most; the oldest go first. */
const MAX_KEPT = 10_000;

export type Approval = {
  userId: string;
  scopes: string[];
  redirectUri: string;
  /** PKCE, S256. */
  challenge: string | undefined;
  /** The guild that the bot was added to. */
  guildId: string | undefined;
};

export type TokenPair = { access: string; refresh: string; expiresInSecs: number; scopes: string[] };

export type Redeemed =
  | { kind: 'granted'; tokens: TokenPair; guildId: string | undefined }
  | { kind: 'refused'; reason: string };

/** Authorizations given to the application by users: codes once, tokens until they expire or are revoked. */
export type Grants = {
  issueCode(approval: Approval): string;
  redeemCode(code: string, redirectUri: string, verifier: string | undefined): Redeemed;
  refresh(token: string): Redeemed;
  readAccess(token: string): TokenClaims | undefined;
  revoke(token: string): void;
};

export function createGrants(options: { key: string; accessTokenSecs: () => number }): Grants {
  const codes = new Map<string, Approval & { expiresAt: number }>();
  const revoked = new Set<string>();

  const issue = (userId: string, scopes: string[], grantId: string) =>
    issueTokens({ userId, scopes, grantId }, options.accessTokenSecs(), options.key);

  function readLiving(token: string, kind: TokenKind): TokenClaims | undefined {
    const claims = readToken(token, options.key);
    if (!claims || claims.kind !== kind || claims.expiresAt <= Date.now()) return undefined;
    return revoked.has(claims.grantId) || revoked.has(claims.serial) ? undefined : claims;
  }

  return {
    issueCode(approval) {
      const code = randomUUID().replaceAll('-', '').slice(0, 30);
      dropOldest(codes);
      codes.set(code, { ...approval, expiresAt: Date.now() + CODE_LIFE_MS });
      return code;
    },
    redeemCode(code, redirectUri, verifier) {
      const approval = codes.get(code);
      codes.delete(code);
      if (!approval || approval.expiresAt <= Date.now()) return refuse('Invalid "code" in request.');
      if (approval.redirectUri !== redirectUri) return refuse('Invalid "redirect_uri" in request.');
      if (approval.challenge !== undefined && s256(verifier ?? '') !== approval.challenge) {
        return refuse('Invalid "code_verifier" in request.');
      }
      const tokens = issue(approval.userId, approval.scopes, randomUUID());
      return { kind: 'granted', tokens, guildId: approval.guildId };
    },
    refresh(token) {
      const claims = readLiving(token, 'refresh');
      if (!claims) return refuse('Invalid "refresh_token" in request.');
      dropOldest(revoked);
      revoked.add(claims.serial);
      const tokens = issue(claims.userId, claims.scopes, claims.grantId);
      return { kind: 'granted', tokens, guildId: undefined };
    },
    readAccess: (token) => readLiving(token, 'access'),
    revoke(token) {
      const claims = readToken(token, options.key);
      if (!claims) return;
      dropOldest(revoked);
      revoked.add(claims.grantId);
    },
  };
}

function issueTokens(
  owner: Pick<TokenClaims, 'userId' | 'scopes' | 'grantId'>,
  expiresInSecs: number,
  key: string,
): TokenPair {
  const token = (kind: TokenKind, lifeMs: number) =>
    signToken({ ...owner, kind, serial: randomUUID(), expiresAt: Date.now() + lifeMs }, key);
  return {
    access: token('access', expiresInSecs * 1000),
    refresh: token('refresh', REFRESH_LIFE_MS),
    expiresInSecs,
    scopes: owner.scopes,
  };
}

function refuse(reason: string): Redeemed {
  return { kind: 'refused', reason };
}

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}
