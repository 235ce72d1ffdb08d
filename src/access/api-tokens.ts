import type { ApiToken } from '../db/api-tokens.ts';
import * as stored from '../db/api-tokens.ts';
import type { Queryable } from '../db/database.ts';
import { hashSecret, newSecret } from './secrets.ts';

export { MAX_API_TOKENS } from '../db/api-tokens.ts';

export const MAX_TOKEN_NAME_LENGTH = 100; // characters
export const MAX_TOKEN_DAYS = 366; // of one that expires

/** Leaked tokens are found by what they begin with. */
const PREFIX = 'clipdex_';

export type TokenWish = { name: string; scope: ApiToken['scope']; expiresInDays: number | null };

/** `secret` is shown this once; only its hash is stored. */
export type CreatedToken = { kind: 'created'; secret: string; token: ApiToken } | { kind: 'too_many' };

/** @throws RangeError for a name or an expiry that callers should have refused */
export async function createApiToken(db: Queryable, userId: string, wish: TokenWish): Promise<CreatedToken> {
  const { name, expiresInDays: days } = wish;
  if (name.length < 1 || name.length > MAX_TOKEN_NAME_LENGTH) throw new RangeError('name of an API token');
  if (days !== null && !(days >= 1 && days <= MAX_TOKEN_DAYS)) throw new RangeError('expiry of an API token');
  const secret = `${PREFIX}${newSecret()}`;
  const token = await stored.insertApiToken(db, { ...wish, userId, secretHash: hashSecret(secret) });
  return token ? { kind: 'created', secret, token } : { kind: 'too_many' };
}

/** Null for one that is none, was revoked or has expired. */
export async function findApiToken(db: Queryable, secret: string): Promise<ApiToken | null> {
  return secret.startsWith(PREFIX) ? stored.touchApiToken(db, hashSecret(secret)) : null;
}

/** Newest first, without their secrets. */
export async function listApiTokens(db: Queryable, userId: string): Promise<ApiToken[]> {
  return stored.listApiTokens(db, userId);
}

/** False when the user has no such token. */
export async function revokeApiToken(db: Queryable, userId: string, id: string): Promise<boolean> {
  return stored.deleteApiToken(db, userId, id);
}
