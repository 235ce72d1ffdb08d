import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PermissionFlagsBits as bits } from 'discord-api-types/v10';
import { expect, onTestFinished } from 'vitest';
import { GuildLists } from '../../src/access/guild-lists.ts';
import { beginLogin, completeLogin } from '../../src/access/login.ts';
import { openLoginServices } from '../../src/access/login-services.ts';
import { MemberReader } from '../../src/access/member-reader.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { ViewerSights } from '../../src/access/viewer-sight.ts';
import { Database, type Sql, sql } from '../../src/db/database.ts';
import { type Sight, seesChannel, visibleChannels } from '../../src/db/sight.ts';
import { createDiscordRest } from '../../src/discord/rest.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { canReadHistory } from '../../src/sandbox/permissions.ts';
import type { World } from '../../src/sandbox/world.ts';
import { impatient } from '../faults/rest-stage.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase } from '../support/database.ts';
import { fastClock } from '../support/fast-clock.ts';
import { startProgram, startTestSandbox, type TestSandbox } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';
import { REDIRECT_URI, SECRET_KEY } from './login-stage.ts';

/** What one process of the web role has of its viewers. */
export type WebProcess = {
  sights: ViewerSights;
  /** How many statements it has sent so far. */
  statements(): number;
};

export type SightStage = WebProcess & {
  db: Database;
  sandbox: TestSandbox;
  /** Of all whose Discord account is a person's. */
  userIds: string[];
  /** Logs in; all users were at first. */
  logIn(userId: string): Promise<void>;
  /** Another web process on the same database, with a pool of its own, and pauses by this clock if it is given. */
  openAnother(clock?: Clock): Promise<WebProcess>;
  /** Waits until all that has happened in the sandbox so far was told and written. */
  settle(): Promise<void>;
  /** As if so long had passed since Discord was asked for anything of viewers. */
  pass(secs: number): Promise<void>;
  /** The channels that the viewer sees now, brought up to date first. */
  look(userId: string, process?: WebProcess): Promise<string[]>;
  /** What the viewer sees, and the sandbox would not show, or the other way round: by name. */
  differences(userIds?: readonly string[]): Promise<string[]>;
};

/** The sandbox, the gateway's part of the program on it, and viewers who are logged in. Ends with the test. */
export async function openSightStage(world: World, { hasMemberIntent = false } = {}): Promise<SightStage> {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  const sandbox = await startTestSandbox(world);
  onTestFinished(() => sandbox.close());
  await sandbox.control('intents', { guild_members: hasMemberIntent });
  const program = await startProgram(database.url, sandbox, { ROLES: 'gateway' });
  onTestFinished(() => program.stop());
  const login = await openLogin(sandbox, database.db);
  const own = openWebProcess(sandbox, database.db, login);
  let marks = 0;

  const stage: SightStage = {
    ...own,
    ...{ db: database.db, sandbox },
    userIds: [...world.users.values()].filter((user) => !user.bot).map((user) => user.id),
    async logIn(userId) {
      const { url, cookie } = beginLogin(login, { returnTo: '/', redirectUri: REDIRECT_URI });
      const body = new URLSearchParams({ user_id: userId, decision: 'approve' });
      const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
      const query = new URL(answer.headers.get('location') ?? '').searchParams;
      const outcome = await completeLogin(login, { cookie, query, userAgent: null, formerSecret: null });
      if (outcome.kind !== 'logged_in') throw new Error(`the login came to "${outcome.kind}"`);
    },
    async openAnother(clock) {
      const db = new Database(database.url, createLogger('error'));
      onTestFinished(() => db.close());
      return openWebProcess(sandbox, db, await openLogin(sandbox, db), clock);
    },
    async settle() {
      const guild = [...world.guilds.values()].findLast((one) => one.botJoined);
      if (!guild) throw new Error('the bot is in no guild');
      marks += 1;
      const name = `after ${marks}`;
      await sandbox.control('update-guild', { guild_id: guild.id, name });
      await waitFor(async () => (await rowsOf(sql`select from bot_guilds where name = ${name}`)).length > 0);
    },
    async pass(secs) {
      const by = sql`make_interval(secs => ${secs})`;
      await rowsOf(sql`update member_roles set read_at = read_at - ${by}`);
      await rowsOf(sql`update thread_members set read_at = read_at - ${by}`);
      await rowsOf(sql`update viewer_channels set valid_until = valid_until - ${by}`);
      await rowsOf(sql`update viewers set guilds_read_at = guilds_read_at - ${by}`);
    },
    async look(userId, { sights } = own) {
      return readSeen(database.db, await sights.prepareSight(viewer(userId)));
    },
    async differences(userIds = stage.userIds) {
      const known = (await rowsOf(sql`select channel_id from bot_channels`)).map((row) => row.channel_id);
      const found: string[] = [];
      for (const userId of userIds) {
        const shown = new Set(await stage.look(userId));
        const expected = new Set(readableChannels(world, userId).filter((id) => known.includes(id)));
        const name = world.users.get(userId)?.username;
        found.push(...[...shown].filter((id) => !expected.has(id)).map((id) => `${name} sees ${id}`));
        found.push(...[...expected].filter((id) => !shown.has(id)).map((id) => `${name} misses ${id}`));
      }
      return found;
    },
  };
  const rowsOf = (statement: Sql) => database.db.query<{ channel_id: string }>(statement);
  const joined = [...world.guilds.values()].filter((guild) => guild.botJoined).length;
  await waitFor(async () => (await rowsOf(sql`select from bot_guilds`)).length === joined);
  for (const userId of stage.userIds) await stage.logIn(userId);
  return stage;
}

export const viewer = (userId: string, isOperator = false): Viewer => ({
  ...{ userId, isOperator, scope: 'manage', session: null },
});

/** What somebody sees without being brought up to date, as lists and as single look-ups find it. */
export async function readSeen(db: Database, sight: Sight): Promise<string[]> {
  const listed = await db.query<{ channel_id: string }>(visibleChannels(sight));
  const found = await db.query<{ channel_id: string }>(sql`
    select channel_id from bot_channels c where ${seesChannel(sight, sql`c.channel_id`)}`);
  const [inLists, single] = [listed, found].map((rows) => rows.map((row) => row.channel_id).sort());
  expect(inLists).toEqual(single);
  return inLists ?? [];
}

/** The small world, where the bot may manage threads, so that it is told of private ones, and is in both guilds. */
export function worldWithThreads(): World {
  const world = smallWorld();
  const [guild, other] = [ids.guild, ids.otherGuild].map((id) => world.guilds.get(id));
  const role = guild?.roles.get(ids.botRole);
  if (!guild || !other || !role) throw new Error('the small world has other guilds');
  role.permissions = String(bits.ViewChannel | bits.ReadMessageHistory | bits.ManageThreads | bits.Connect);
  const bot = guild.members.get(ids.bot);
  if (bot) other.members.set(ids.bot, { ...bot, roles: [] });
  other.botJoined = true;
  return world;
}

/** By the sandbox's own account of Discord's rules, and nothing that is age-restricted. */
function readableChannels(world: World, userId: string): string[] {
  return [...world.guilds.values()]
    .filter((guild) => guild.botJoined && guild.members.has(userId))
    .flatMap((guild) =>
      [...guild.channels.values()].flatMap(({ channel }) => {
        const parent = guild.channels.get('parent_id' in channel ? (channel.parent_id ?? '') : '')?.channel;
        const isThread = 'thread_metadata' in channel;
        const isClosed = isNsfw(channel) || (isThread && isNsfw(parent));
        return !isClosed && canReadHistory(guild, channel, userId) ? [channel.id] : [];
      }),
    );
}

function isNsfw(channel: object | undefined): boolean {
  return channel !== undefined && 'nsfw' in channel && channel.nsfw === true;
}

async function openLogin(sandbox: TestSandbox, db: Database) {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-sight-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const { apiUrl, authorizeUrl, clientId, clientSecret } = sandbox;
  const login = await openLoginServices({
    ...{ db, dataDir, rest: openRest(sandbox), clock: systemClock, log: silent },
    discord: { apiUrl, authorizeUrl, clientId, clientSecret },
    ...{ secretKey: SECRET_KEY, formerSecretKeys: [], sessionLife: { days: 30, idleDays: 7 } },
    signal: new AbortController().signal,
  });
  onTestFinished(() => login.close());
  return login;
}

function openWebProcess(
  sandbox: TestSandbox,
  db: Database,
  { grants }: Awaited<ReturnType<typeof openLogin>>,
  clock: Clock = soonOver,
): WebProcess {
  let count = 0;
  const counted = Object.create(db, {
    query: {
      value(statement: Sql) {
        count += 1;
        return db.query(statement);
      },
    },
  }) as Database;
  const signal = new AbortController().signal;
  const members = new MemberReader({ rest: openRest(sandbox), clock, log: silent, signal });
  const lists = new GuildLists({ db: counted, grants, clock, log: silent });
  return { sights: new ViewerSights({ db: counted, members, lists }), statements: () => count };
}

/** How soon a Discord that was away is asked again. */
const CLOCK_FACTOR = 100;
/** Pauses pass soon, but whoever waits for an answer waits as long as ever. */
const soonOver: Clock = { ...fastClock(CLOCK_FACTOR), sleep: systemClock.sleep };
export const silent = createLogger('fatal');

export function openRest({ apiUrl, token }: TestSandbox) {
  const signal = new AbortController().signal;
  const rest = createDiscordRest({
    ...{ apiUrl, token, log: silent, signal },
    // A busy machine is no Discord that does not answer; what is to fail fails at once.
    limits: { ...impatient, faultAttempts: 1 },
  });
  onTestFinished(() => rest.close());
  return rest;
}
