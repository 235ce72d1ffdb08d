import { type Queryable, sql } from './database.ts';
import { storedText } from './stored-text.ts';

/** What a script shows instead of a session. */
export type ApiToken = {
  id: string;
  userId: string;
  name: string;
  scope: 'read' | 'manage';
  createdAt: Date;
  /** Accurate to a minute; null: never. */
  lastUsedAt: Date | null;
  /** Null: it does not expire. */
  expiresAt: Date | null;
};

export const MAX_API_TOKENS = 50; // of one user; a list that is still read
const USED_EVERY_SECS = 60; // a write for each request would cost more than the request

const tokenColumns = sql`
  id, user_id as "userId", name, scope, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt"`;

const isLive = sql`(expires_at is null or expires_at > now())`;

/** Null when the user has as many as there may be. */
export async function insertApiToken(
  db: Queryable,
  token: {
    secretHash: Buffer;
    userId: string;
    name: string;
    scope: ApiToken['scope'];
    expiresInDays: number | null;
  },
): Promise<ApiToken | null> {
  const { secretHash, userId, scope, expiresInDays } = token;
  const rows = await db.query<ApiToken>(sql`
    insert into api_tokens (secret_hash, user_id, name, scope, expires_at)
    select ${secretHash}::bytea, ${userId}, ${storedText(token.name)}, ${scope},
      now() + make_interval(days => ${expiresInDays}::integer)
    where (select count(*) from api_tokens where user_id = ${userId} and ${isLive}) < ${MAX_API_TOKENS}::integer
    returning ${tokenColumns}`);
  return rows[0] ?? null;
}

/** Null for one that is none or has expired. Notes that it was used. */
export async function touchApiToken(db: Queryable, secretHash: Buffer): Promise<ApiToken | null> {
  const rows = await db.query<ApiToken>(sql`
    with found as (
      select * from api_tokens where secret_hash = ${secretHash} and ${isLive}
    ),
    used as (
      update api_tokens set last_used_at = now()
      from found
      where api_tokens.id = found.id
        and coalesce(api_tokens.last_used_at, '-infinity') < now() - make_interval(secs => ${USED_EVERY_SECS})
    )
    select ${tokenColumns} from found`);
  return rows[0] ?? null;
}

/** Newest first. */
export async function listApiTokens(db: Queryable, userId: string): Promise<ApiToken[]> {
  return db.query<ApiToken>(sql`
    select ${tokenColumns} from api_tokens
    where user_id = ${userId} and ${isLive}
    order by created_at desc, id`);
}

/** False when the user has no such token. `id` may be anything. */
export async function deleteApiToken(db: Queryable, userId: string, id: string): Promise<boolean> {
  const rows = await db.query(sql`
    delete from api_tokens where user_id = ${userId} and id::text = ${storedText(id)} returning id`);
  return rows.length > 0;
}

/** Deletes those that have expired; answers how many. */
export async function purgeApiTokens(db: Queryable): Promise<number> {
  return (await db.query(sql`delete from api_tokens where not ${isLive} returning id`)).length;
}
