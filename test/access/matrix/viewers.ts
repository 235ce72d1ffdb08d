import { createApiToken } from '../../../src/access/api-tokens.ts';
import { createSession } from '../../../src/access/sessions.ts';
import { type Database, sql } from '../../../src/db/database.ts';
import { TestBrowser } from '../../support/test-browser.ts';
import type { MatrixWorld, Person } from './world.ts';

/** Somebody, or something, that asks. */
export type Viewer = {
  name: string;
  /** Null: nobody, as far as the program knows. */
  userId: string | null;
  isOperator: boolean;
  scope: 'read' | 'manage';
  by: 'session' | 'token' | 'nothing' | 'void token';
  /** Turned away at the door like `nobody`, who asks about everything. */
  isAlike?: boolean;
  /** What the browser or script sends along. */
  headers: Record<string, string>;
};

const COOKIE = 'clipdex-session';
const life = { days: 30, idleDays: 7 };

/** Each logs in through Discord's page, as people do. */
export async function logEverybodyIn(url: string, db: Database, { people }: MatrixWorld): Promise<Viewer[]> {
  const viewers: Viewer[] = [];
  for (const [name, { id }] of Object.entries(people) as [Person, { id: string }][]) {
    await forgetLimits(db); // all come from one address
    const browser = new TestBrowser(url);
    const place = await browser.logIn(id);
    if (place !== '/') throw new Error(`${name} was led to ${place}`);
    viewers.push(ofSession(name, id, browser.cookies.get(COOKIE) ?? '', name === 'operator'));
  }
  return viewers;
}

/** The same people by other ways, and those who are nobody. */
export async function addOtherWays(db: Database, { people }: MatrixWorld): Promise<Viewer[]> {
  const expired = await createSession(db, { userId: people.owner.id, userAgent: null, life });
  await db.query(sql`
    update sessions set expires_at = now() - interval '1 s' where id = ${expired.session.id}::uuid`);
  const idle = await createSession(db, { userId: people.owner.id, userAgent: null, life });
  await db.query(sql`
    update sessions set last_seen_at = now() - interval '8 days' where id = ${idle.session.id}::uuid`);
  const nobody = { userId: null, isOperator: false, scope: 'manage' } as const;
  const cookie = (secret: string) => ({ cookie: `${COOKIE}=${secret}` });
  return [
    { name: 'nobody', ...nobody, by: 'nothing', headers: {} },
    { name: 'expired session', ...nobody, by: 'nothing', headers: cookie(expired.secret), isAlike: true },
    { name: 'idle session', ...nobody, by: 'nothing', headers: cookie(idle.secret), isAlike: true },
    { name: 'made-up session', ...nobody, by: 'nothing', headers: cookie('x'.repeat(43)), isAlike: true },
    await ofToken(db, 'read token', people.manager.id, 'read', false),
    await ofToken(db, 'manage token', people.manager.id, 'manage', false),
    await ofToken(db, 'read token of the operator', people.operator.id, 'read', true),
    await expiredToken(db, people.owner.id),
  ];
}

/** Another session of somebody. */
export async function addSession(db: Database, { name, userId, isOperator }: Viewer) {
  const session = await createSession(db, { userId: userId ?? '', userAgent: 'spare', life });
  return { id: session.session.id, viewer: ofSession(name, userId ?? '', session.secret, isOperator) };
}

export async function forgetLimits(db: Database): Promise<void> {
  await db.query(sql`delete from rate_limits`);
}

function ofSession(name: string, userId: string, secret: string, isOperator: boolean): Viewer {
  const headers = { cookie: `${COOKIE}=${secret}` };
  return { name, userId, isOperator, scope: 'manage', by: 'session', headers };
}

async function ofToken(
  db: Database,
  name: string,
  userId: string,
  scope: Viewer['scope'],
  isOperator: boolean,
): Promise<Viewer> {
  const created = await createApiToken(db, userId, { name, scope, expiresInDays: null });
  if (created.kind !== 'created') throw new Error(created.kind);
  return { name, userId, isOperator, scope, by: 'token', headers: bearer(created.secret) };
}

async function expiredToken(db: Database, userId: string): Promise<Viewer> {
  const viewer = await ofToken(db, 'expired token', userId, 'manage', false);
  await db.query(sql`
    update api_tokens set expires_at = now() - interval '1 s' where name = ${viewer.name}`);
  return { ...viewer, userId: null, by: 'void token', isAlike: true };
}

function bearer(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}
