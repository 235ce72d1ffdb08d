import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { beginLogin, completeLogin, type LoginOutcome, type LoginReturn } from '../../src/access/login.ts';
import { type LoginOptions, type LoginServices, openLoginServices } from '../../src/access/login-services.ts';
import { Database } from '../../src/db/database.ts';
import { createDiscordRest } from '../../src/discord/rest.ts';
import { impatient } from '../faults/rest-stage.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase } from '../support/database.ts';
import { jumpingClock } from '../support/fast-clock.ts';
import { startTestSandbox, type TestSandbox } from '../support/program.ts';
import { recordLog } from '../support/recorded-log.ts';

export const SECRET_KEY = 'a secret key of 32 characters, at least';
export const REDIRECT_URI = 'http://127.0.0.1:3000/auth/callback';

/** A browser on its way back from Discord. */
export type Visit = LoginReturn & { cookie: string };

export type LoginStage = LoginServices & {
  db: Database;
  databaseUrl: string;
  sandbox: TestSandbox;
  clock: ReturnType<typeof jumpingClock>;
  /** What was logged, and never holds a secret. */
  lines: string[];
  /** Services of another process on the same database and sandbox. */
  openAnother(options?: Partial<LoginOptions>): Promise<LoginServices>;
  openClosedDatabase(): Promise<Database>;
  /** Decides on Discord's page; answers what the browser brings back. */
  decide(
    url: string,
    decision?: { userId?: string; decision?: 'approve' | 'deny' },
  ): Promise<URLSearchParams>;
  /** Goes to Discord, decides there, and comes back. */
  visit(decision?: { userId?: string; decision?: 'approve' | 'deny'; returnTo?: string }): Promise<Visit>;
  complete(visit: LoginReturn): Promise<LoginOutcome>;
  logIn(userId?: string): Promise<Extract<LoginOutcome, { kind: 'logged_in' }>>;
};

/** A sandbox, a database, and what logs in between them. Ends with the test. */
export async function openLoginStage(options: Partial<LoginOptions> = {}): Promise<LoginStage> {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  const sandbox = await startTestSandbox(smallWorld());
  onTestFinished(() => sandbox.close());
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-login-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const clock = jumpingClock();
  const { log, lines } = recordLog();

  const openAnother = async (other: Partial<LoginOptions> = {}): Promise<LoginServices> => {
    const signal = new AbortController().signal;
    const db = other.db ?? database.db;
    const { apiUrl, authorizeUrl, clientId, clientSecret, token } = sandbox;
    const rest = createDiscordRest({
      apiUrl,
      token,
      log,
      signal,
      limits: { ...impatient, faultAttempts: 2 },
    });
    onTestFinished(() => rest.close());
    const services = await openLoginServices({
      ...{ db, rest, dataDir, clock, log, signal },
      discord: { apiUrl, authorizeUrl, clientId, clientSecret },
      secretKey: SECRET_KEY,
      formerSecretKeys: [],
      sessionLife: { days: 30, idleDays: 7 },
      oauthTimeoutMs: 10_000,
      ...other,
    });
    onTestFinished(() => services.close());
    return services;
  };
  const services = await openAnother(options);

  const stage: LoginStage = {
    ...services,
    ...{ databaseUrl: database.url, sandbox, clock, lines, openAnother },
    async openClosedDatabase() {
      const closed = new Database(database.url, log);
      await closed.close();
      return closed;
    },
    async decide(url, { userId = ids.member, decision = 'approve' } = {}) {
      const body = new URLSearchParams({ user_id: userId, decision });
      const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? '').searchParams;
    },
    async visit({ returnTo = '/', ...decision } = {}) {
      const { url, cookie } = beginLogin(services, { returnTo, redirectUri: REDIRECT_URI });
      const query = await stage.decide(url, decision);
      return { cookie, query, userAgent: 'Browser/1.0', formerSecret: null };
    },
    complete: (visit) => completeLogin(services, visit),
    async logIn(userId = ids.member) {
      const outcome = await stage.complete(await stage.visit({ userId }));
      if (outcome.kind !== 'logged_in') throw new Error(`the login came to "${outcome.kind}"`);
      return outcome;
    },
  };
  return stage;
}
