import type { Queryable } from '../db/database.ts';
import type { Session, SessionLife } from '../db/sessions.ts';
import * as stored from '../db/sessions.ts';
import type { LoginServices } from './login-services.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** `secret` is what the cookie holds; only its hash is stored. */
export async function createSession(
  db: Queryable,
  { userId, userAgent, life }: { userId: string; userAgent: string | null; life: SessionLife },
): Promise<{ secret: string; session: Session }> {
  const secret = newSecret();
  const session = await stored.insertSession(db, { secretHash: hashSecret(secret), userId, userAgent, life });
  return { secret, session };
}

/** Null for one that is none, has ended or is over. */
export async function findSession(
  { db, sessionLife }: Pick<LoginServices, 'db' | 'sessionLife'>,
  secret: string,
): Promise<Session | null> {
  return stored.touchSession(db, hashSecret(secret), sessionLife);
}

/** The latest used first. */
export async function listSessions({ db, sessionLife }: LoginServices, userId: string): Promise<Session[]> {
  return stored.listSessions(db, userId, sessionLife);
}

/** False when the user has no such session. With the last one the user is logged out, and the grant is given back. */
export async function endSession(services: LoginServices, userId: string, id: string): Promise<boolean> {
  if (!(await stored.deleteSession(services.db, userId, id))) return false;
  if ((await listSessions(services, userId)).length === 0) await services.grants.revoke(userId);
  return true;
}

/** "Log out everywhere". API tokens stay. */
export async function endAllSessions({ db, grants }: LoginServices, userId: string): Promise<void> {
  await stored.deleteSessionsOf(db, userId);
  await grants.revoke(userId);
}
