import { randomBytes } from 'node:crypto';
import { type Queryable, sql } from './database.ts';
import { storedText } from './stored-text.ts';

/** The wish of a user to install the bot in a guild: made when the user leaves for Discord, used up on the way back. */
export type InstallIntent = {
  /** The secret that Discord hands back to us. */
  state: string;
  userId: string;
  guildId: string;
  createdAt: Date;
  expiresAt: Date;
};

const STATE_BYTES = 32; // 256 bits; nobody guesses one within its life

/*
 * The times of this table have no time zone. They are UTC because every statement says so, not because of the session:
 * the columns' own default would take the session's zone.
 */
const utcNow = sql`(now() at time zone 'utc')`;

const intentColumns = sql`
  state, user_id as "userId", guild_id as "guildId", created_at as "createdAt", expires_at as "expiresAt"`;

export async function createInstallIntent(
  db: Queryable,
  wish: { userId: string; guildId: string; ttlSeconds: number },
): Promise<InstallIntent> {
  const state = randomBytes(STATE_BYTES).toString('base64url');
  const rows = await db.query<InstallIntent>(sql`
    insert into install_intents (state, user_id, guild_id, created_at, expires_at)
    values (
      ${state}, ${wish.userId}, ${wish.guildId}, ${utcNow}, ${utcNow} + make_interval(secs => ${wish.ttlSeconds})
    )
    returning ${intentColumns}`);
  const [intent] = rows;
  if (!intent) throw new Error(`install intent of user ${wish.userId} was not stored`);
  return intent;
}

/** Uses the intent up. Null when there is none of this state, user and guild, or when it has expired. */
export async function consumeInstallIntent(
  db: Queryable,
  claim: { state: string; userId: string; guildId: string },
): Promise<InstallIntent | null> {
  const rows = await db.query<InstallIntent>(sql`
    delete from install_intents
    where state = ${storedText(claim.state)}
      and user_id = ${storedText(claim.userId)}
      and guild_id = ${storedText(claim.guildId)}
      and expires_at > ${utcNow}
    returning ${intentColumns}`);
  return rows[0] ?? null;
}

/** Deletes those that expired longer ago than the grace; answers how many. */
export async function purgeInstallIntents(db: Queryable, graceSeconds: number): Promise<number> {
  const rows = await db.query(sql`
    delete from install_intents
    where expires_at <= ${utcNow} - make_interval(secs => ${graceSeconds})
    returning state`);
  return rows.length;
}
