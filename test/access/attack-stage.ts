import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Database, sql } from '../../src/db/database.ts';
import type { GuildSetup } from '../../src/http/contract.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase } from '../support/database.ts';
import {
  type ProgramOptions,
  type RunningProgram,
  startProgram,
  startTestSandbox,
  type TestSandbox,
  untilScanned,
} from '../support/program.ts';
import { TestBrowser } from '../support/test-browser.ts';
import { waitFor } from '../support/wait-for.ts';

export type WebProgram = RunningProgram & { url: string };

/** The whole program on the small world, all of it read, with a page that attackers reach as anybody does. Its owner runs it. */
export type AttackStage = {
  sandbox: TestSandbox;
  db: Database;
  databaseUrl: string;
  program: WebProgram;
  url: string;
  /** Every line of the log, of the finest level. */
  lines: string[];
  /** Another program on the same database and Discord; ends with the stage. */
  startAnother(env?: Record<string, string>, options?: ProgramOptions): Promise<WebProgram>;
  newBrowser(): TestBrowser;
  newBrowserAt(url: string): TestBrowser;
  /** A browser in which a user of the sandbox is logged in. */
  logIn(userId: string): Promise<TestBrowser>;
  /** All that the sandbox did so far has arrived. */
  untilTold(): Promise<void>;
  /** Nobody is logged in any more, has granted anything, has a token, or has asked for anything yet. */
  calmDown(): Promise<void>;
  close(): Promise<void>;
};

export const SECRET_KEY = 'a secret key of the attacked: long enough';

export type StageOptions = {
  env?: Record<string, string>;
  program?: ProgramOptions;
};

export async function openAttackStage(options: StageOptions = {}): Promise<AttackStage> {
  const { env = {}, program: programOptions = {} } = options;
  const database = await createTestDatabase();
  const sandbox = await startTestSandbox(smallWorld());
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-attack-'));
  const { log, lines } = recordEverything();
  const programs: WebProgram[] = [];

  const startAnother: AttackStage['startAnother'] = async (over = {}, others = {}) => {
    const common = { DATA_DIR: dataDir, SECRET_KEY, OPERATOR_IDS: ids.owner, ...applicationOf(sandbox) };
    const program = await startWebProgram(database.url, sandbox, { ...common, ...over }, { log, ...others });
    programs.push(program);
    return program;
  };
  const program = await startAnother({ ROLES: 'gateway,worker,web', ...env }, programOptions);
  await untilScanned(database.db, 1);

  const stage: AttackStage = {
    ...{
      sandbox,
      db: database.db,
      databaseUrl: database.url,
      program,
      url: program.url,
      lines,
      startAnother,
    },
    newBrowser: () => new TestBrowser(program.url),
    newBrowserAt: (url) => new TestBrowser(url),
    async logIn(userId) {
      const browser = new TestBrowser(program.url);
      await browser.logIn(userId);
      return browser;
    },
    async untilTold() {
      const name = `Lighthouse ${randomUUID()}`; // what was told before is stored before
      await sandbox.control('update-guild', { guild_id: ids.guild, name });
      const isTold = sql`select from bot_guilds where name = ${name}`;
      await waitFor(async () => (await database.db.query(isTold)).length === 1);
    },
    async calmDown() {
      for (const table of [sql`sessions`, sql`discord_grants`, sql`api_tokens`, sql`rate_limits`]) {
        await database.db.query(sql`delete from ${table}`);
      }
    },
    async close() {
      for (const one of programs.splice(0).reverse()) await one.stop();
      await sandbox.close();
      await database.close();
      await rm(dataDir, { recursive: true });
    },
  };
  await setUp(stage);
  return stage;
}

/** All that a manager sees is read. */
async function setUp(stage: AttackStage): Promise<void> {
  const manager = await stage.logIn(ids.manager);
  const { channels } = await manager.read<GuildSetup>(`/api/guilds/${ids.guild}/setup`);
  const channelIds = channels.map(({ id }) => id);
  await manager.send('POST', `/api/guilds/${ids.guild}/setup`, { channelIds, scan: true });
  await untilScanned(stage.db, 1);
  await stage.calmDown();
}

/** What a program must be told of a sandbox for people to log in. */
export function applicationOf(sandbox: TestSandbox): Record<string, string> {
  return {
    DISCORD_CLIENT_ID: sandbox.clientId,
    DISCORD_CLIENT_SECRET: sandbox.clientSecret,
    DISCORD_AUTHORIZE_URL: sandbox.authorizeUrl,
  };
}

/** For a program whose address must be known before it starts. Below those that outgoing connections take. */
export async function findPort(): Promise<number> {
  for (;;) {
    const server = createServer();
    const port = randomInt(20_000, 32_000);
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** Answers when its page can be reached, at its PORT or the address that it announces. */
async function startWebProgram(
  databaseUrl: string,
  sandbox: TestSandbox,
  env: Record<string, string>,
  options: ProgramOptions,
): Promise<WebProgram> {
  let url = '';
  const announce = (line: string) => {
    url = /Clipdex is at (\S+)/.exec(line)?.[1] ?? url;
  };
  const program = await startProgram(
    databaseUrl,
    sandbox,
    { ROLES: 'web', ...env },
    { ...options, announce },
  );
  let isEnded = false;
  const markEnded = () => {
    isEnded = true;
  };
  program.ended.then(markEnded, markEnded);
  await waitFor(() => url !== '' || isEnded);
  if (isEnded) await program.ended;
  return { ...program, url: env.PORT === undefined ? url : `http://127.0.0.1:${env.PORT}` };
}

function recordEverything() {
  const lines: string[] = [];
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => void lines.push(line) });
  return { log, lines };
}
