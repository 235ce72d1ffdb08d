import { type Queryable, sql } from './database.ts';
import { storedText } from './stored-text.ts';

/** A browser in which somebody is logged in. */
export type Session = {
  id: string;
  userId: string;
  /** What the browser calls itself, so that its owner recognises it. */
  userAgent: string | null;
  createdAt: Date;
  /** Accurate to a minute. */
  lastSeenAt: Date;
  expiresAt: Date;
};

/** How long a session lasts: at all, and without use. */
export type SessionLife = { days: number; idleDays: number };

const MAX_SESSIONS = 50; // of one user; more browsers nobody has, and a list of them is still read
const MAX_USER_AGENT_LENGTH = 200; // characters; enough to tell browsers apart
const SEEN_EVERY_SECS = 60; // a write for each request would cost more than the request

const sessionColumns = sql`
  id, user_id as "userId", user_agent as "userAgent", created_at as "createdAt", last_seen_at as "lastSeenAt",
  expires_at as "expiresAt"`;

/** The oldest sessions make room for it. (Logins at the very same moment do not see each other's.) */
export async function insertSession(
  db: Queryable,
  session: { secretHash: Buffer; userId: string; userAgent: string | null; life: SessionLife },
): Promise<Session> {
  const { secretHash, userId, life } = session;
  const userAgent = storedText(session.userAgent)?.slice(0, MAX_USER_AGENT_LENGTH) ?? null;
  const rows = await db.query<Session>(sql`
    with crowded_out as (
      delete from sessions
      where id in (
        select id from sessions where user_id = ${userId} order by created_at desc, id offset ${MAX_SESSIONS - 1}
      )
    )
    insert into sessions (secret_hash, user_id, user_agent, expires_at)
    values (${secretHash}, ${userId}, ${userAgent}, now() + make_interval(days => ${life.days}))
    returning ${sessionColumns}`);
  const [stored] = rows;
  if (!stored) throw new Error(`session of user ${userId} was not stored`);
  return stored;
}

/** Null for one that is none or is over. Notes that it was seen. */
export async function touchSession(
  db: Queryable,
  secretHash: Buffer,
  { idleDays }: Pick<SessionLife, 'idleDays'>,
): Promise<Session | null> {
  const rows = await db.query<Session>(sql`
    with found as (
      select * from sessions where secret_hash = ${secretHash} and ${isLive(idleDays)}
    ),
    seen as (
      update sessions set last_seen_at = now()
      from found
      where sessions.id = found.id and sessions.last_seen_at < now() - make_interval(secs => ${SEEN_EVERY_SECS})
    )
    select ${sessionColumns} from found`);
  return rows[0] ?? null;
}

/** Those that last, the latest used first. */
export async function listSessions(
  db: Queryable,
  userId: string,
  { idleDays }: Pick<SessionLife, 'idleDays'>,
): Promise<Session[]> {
  return db.query<Session>(sql`
    select ${sessionColumns} from sessions
    where user_id = ${userId} and ${isLive(idleDays)}
    order by last_seen_at desc, id`);
}

/** False when the user has no such session. `id` may be anything. */
export async function deleteSession(db: Queryable, userId: string, id: string): Promise<boolean> {
  const rows = await db.query(sql`
    delete from sessions where user_id = ${userId} and id::text = ${storedText(id)} returning id`);
  return rows.length > 0;
}

export async function deleteSessionBySecret(db: Queryable, secretHash: Buffer): Promise<void> {
  await db.query(sql`delete from sessions where secret_hash = ${secretHash}`);
}

/** Answers how many. */
export async function deleteSessionsOf(db: Queryable, userId: string): Promise<number> {
  return (await db.query(sql`delete from sessions where user_id = ${userId} returning id`)).length;
}

export async function purgeSessions(
  db: Queryable,
  { idleDays }: Pick<SessionLife, 'idleDays'>,
): Promise<number> {
  return (await db.query(sql`delete from sessions where not ${isLive(idleDays)} returning id`)).length;
}

/** SQL: whether a row of `sessions` still opens anything. */
function isLive(idleDays: number) {
  return sql`(expires_at > now() and last_seen_at > now() - make_interval(days => ${idleDays}))`;
}
