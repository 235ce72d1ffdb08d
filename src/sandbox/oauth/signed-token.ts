import { createHmac, timingSafeEqual } from 'node:crypto';

export type TokenKind = 'access' | 'refresh';

/** What a token says of itself. Tokens are signed, not stored, so that logins survive a restart of the sandbox. */
export type TokenClaims = {
  kind: TokenKind;
  /** How often the user had taken back what was granted before; tokens of an earlier time are void. */
  generation: number;
  /** Unlike any other token's. */
  serial: string;
  userId: string;
  scopes: string[];
  expiresAt: number;
};

export function signToken(claims: TokenClaims, key: string): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${signature(body, key)}`;
}

export function readToken(token: string, key: string): TokenClaims | undefined {
  const [body, given] = token.split('.');
  if (!body || !given) return undefined;
  const expected = Buffer.from(signature(body, key));
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString());
}

function signature(body: string, key: string): string {
  return createHmac('sha256', key).update(body).digest('base64url');
}
