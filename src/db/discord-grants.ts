import { type Queryable, sql, type Transaction } from './database.ts';

/** What a user granted us at Discord. The tokens are sealed; see `src/access/grants.ts`. */
export type DiscordGrant = {
  userId: string;
  keyId: string;
  accessToken: Buffer;
  refreshToken: Buffer;
  /** Of the access token; negative when it has expired. By the database's clock, for which all processes agree. */
  expiresInSecs: number;
};

const grantColumns = sql`
  user_id as "userId", key_id as "keyId", access_token as "accessToken", refresh_token as "refreshToken",
  extract(epoch from expires_at - now())::double precision as "expiresInSecs"`;

/** In place of the one that the user gave before. */
export async function upsertGrant(db: Queryable, grant: DiscordGrant): Promise<void> {
  const { userId, keyId, accessToken, refreshToken, expiresInSecs } = grant;
  await db.query(sql`
    insert into discord_grants (user_id, key_id, access_token, refresh_token, expires_at)
    values (
      ${userId}, ${keyId}, ${accessToken}, ${refreshToken}, now() + make_interval(secs => ${expiresInSecs})
    )
    on conflict (user_id) do update set
      key_id = excluded.key_id, access_token = excluded.access_token, refresh_token = excluded.refresh_token,
      expires_at = excluded.expires_at, granted_at = now()`);
}

export async function getGrant(db: Queryable, userId: string): Promise<DiscordGrant | null> {
  const rows = await db.query<DiscordGrant>(sql`
    select ${grantColumns} from discord_grants where user_id = ${userId}`);
  return rows[0] ?? null;
}

/** Holds the grant until the transaction ends. Null when somebody else does, or when there is none. */
export async function lockGrant(tx: Transaction, userId: string): Promise<DiscordGrant | null> {
  const rows = await tx.query<DiscordGrant>(sql`
    select ${grantColumns} from discord_grants where user_id = ${userId} for update skip locked`);
  return rows[0] ?? null;
}

/**
 * Stores the tokens that those of `former` were exchanged for; nothing when they are not the current ones any more: the
 * user has logged in again, or out.
 */
export async function replaceGrant(
  db: Queryable,
  former: DiscordGrant,
  { keyId, accessToken, refreshToken, expiresInSecs }: Omit<DiscordGrant, 'userId'>,
): Promise<void> {
  await db.query(sql`
    update discord_grants
    set key_id = ${keyId}, access_token = ${accessToken}, refresh_token = ${refreshToken},
      expires_at = now() + make_interval(secs => ${expiresInSecs})
    where user_id = ${former.userId} and refresh_token = ${former.refreshToken}`);
}

/** Takes the grant out, whichever it is. */
export async function takeGrant(db: Queryable, userId: string): Promise<DiscordGrant | null> {
  const rows = await db.query<DiscordGrant>(sql`
    delete from discord_grants where user_id = ${userId} returning ${grantColumns}`);
  return rows[0] ?? null;
}

/** Deletes this very grant and ends all sessions of its user. False when the user has another one by now. */
export async function endGrant(db: Queryable, grant: DiscordGrant): Promise<boolean> {
  const rows = await db.query(sql`
    with ended as (
      delete from discord_grants
      where user_id = ${grant.userId} and access_token = ${grant.accessToken}
      returning user_id
    ),
    logged_out as (
      delete from sessions where user_id in (select user_id from ended)
    )
    select from ended`);
  return rows.length > 0;
}

/** Deletes those of users who have no session any more: they did not come back. Answers how many. */
export async function purgeGrants(db: Queryable): Promise<number> {
  const rows = await db.query(sql`
    delete from discord_grants
    where not exists (select from sessions where sessions.user_id = discord_grants.user_id)
    returning user_id`);
  return rows.length;
}
