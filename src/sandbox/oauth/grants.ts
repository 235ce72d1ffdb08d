import { createHash, randomUUID } from 'node:crypto';
import { readToken, signToken, type TokenClaims, type TokenKind } from './signed-token.ts';

/** A code is good for as long as Discord's staff once told. */
const CODE_LIFE_MS = 100_000;
/** Discord names no life for refresh tokens; half a year keeps them from living for ever. */
const REFRESH_LIFE_MS = 180 * 24 * 60 * 60 * 1000;
/** Codes and spent tokens kept at most; the oldest go first. */
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
  | { kind: 'refused'; error: 'invalid_grant' | 'invalid_scope'; reason: string };

/**
 * What users granted the application: codes once, tokens until they expire or are taken back. All that one user granted
 * is one authorization, however many logins it comes from: it ends as a whole.
 */
export type Grants = {
  issueCode(approval: Approval): string;
  redeemCode(code: string, redirectUri: string, verifier: string | undefined): Redeemed;
  /** `scopes`: fewer than the token has, if the client wants fewer. */
  refresh(token: string, scopes: readonly string[] | undefined): Redeemed;
  readAccess(token: string): TokenClaims | undefined;
  /** Ends the authorization that a living token belongs to. */
  revoke(token: string): void;
  /** Ends it as the user would, in Discord's settings under Authorized Apps. */
  endAuthorization(userId: string): void;
  /** Since the start, by user. */
  authorizations(): { userId: string; scopes: string[] }[];
};

export function createGrants(options: { key: string; accessTokenSecs: () => number }): Grants {
  const { key } = options;
  const codes = new Map<string, Approval & { expiresAt: number }>();
  /** Serials of refresh tokens that were used. */
  const spent = new Set<string>();
  const generations = new Map<string, number>();
  const authorizations = new Map<string, Set<string>>();

  const generationOf = (userId: string) => generations.get(userId) ?? 0;

  function grant(userId: string, scopes: string[], guildId?: string): Redeemed {
    const owner = { userId, scopes, generation: generationOf(userId) };
    const tokens = issueTokens(owner, options.accessTokenSecs(), key);
    authorizations.set(userId, new Set([...(authorizations.get(userId) ?? []), ...scopes]));
    return { kind: 'granted', tokens, guildId };
  }

  function readLiving(token: string, kind: TokenKind): TokenClaims | undefined {
    const claims = readToken(token, key);
    if (!claims || claims.kind !== kind || claims.expiresAt <= Date.now()) return undefined;
    return claims.generation !== generationOf(claims.userId) || spent.has(claims.serial) ? undefined : claims;
  }

  function endAuthorization(userId: string): void {
    generations.set(userId, generationOf(userId) + 1);
    authorizations.delete(userId);
    for (const [code, approval] of codes) if (approval.userId === userId) codes.delete(code);
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
      return grant(approval.userId, approval.scopes, approval.guildId);
    },
    refresh(token, scopes) {
      const claims = readLiving(token, 'refresh');
      if (!claims) return refuse('Invalid "refresh_token" in request.');
      const isWider = scopes?.some((scope) => !claims.scopes.includes(scope)) ?? false;
      if (isWider) return { kind: 'refused', error: 'invalid_scope', reason: INVALID_SCOPE };
      dropOldest(spent);
      spent.add(claims.serial);
      return grant(claims.userId, scopes ? [...scopes] : claims.scopes);
    },
    readAccess: (token) => readLiving(token, 'access'),
    revoke(token) {
      const claims = readLiving(token, 'access') ?? readLiving(token, 'refresh');
      if (claims) endAuthorization(claims.userId);
    },
    endAuthorization,
    authorizations: () =>
      [...authorizations].map(([userId, scopes]) => ({ userId, scopes: [...scopes].sort() })),
  };
}

export const INVALID_SCOPE = 'The requested scope is invalid, unknown, or malformed.';

function issueTokens(
  owner: Pick<TokenClaims, 'userId' | 'scopes' | 'generation'>,
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
  return { kind: 'refused', error: 'invalid_grant', reason };
}

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}
