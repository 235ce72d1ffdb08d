import { type Database, sql } from '../../../src/db/database.ts';
import { changeChannelSettings } from '../../../src/jobs/change-settings.ts';
import { createTestDatabase } from '../../support/database.ts';
import {
  type RunningProgram,
  startProgram,
  startTestSandbox,
  type TestSandbox,
} from '../../support/program.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Facts, readFacts } from './facts.ts';
import { Oracle } from './oracle.ts';
import { addOtherWays, forgetLimits, logEverybodyIn, type Viewer } from './viewers.ts';
import { type MatrixWorld, matrixWorld } from './world.ts';

export type Stage = {
  matrix: MatrixWorld;
  sandbox: TestSandbox;
  db: Database;
  url: string;
  oracle: Oracle;
  /** Before anything was read. */
  startedAt: Date;
  /** As they are now; `refresh` reads them anew. */
  facts: Facts;
  /** Ids of the channels that are read when the stage is set. */
  readingAtFirst: ReadonlySet<string>;
  /** Ids of the runs that there are then. */
  runsAtFirst: ReadonlySet<string>;
  viewers: Viewer[];
  refresh(): Promise<void>;
  viewer(name: string): Viewer;
  /** Something that only prepares or restores; fails when it is refused. */
  act<Answer>(viewer: Viewer, method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
};

const SCAN_DEADLINE_MS = 60_000;

/**
 * A program with all of its roles reads the world; then one without a worker answers, so that what is queued stays as it
 * is while it is looked at.
 */
export async function openStage({ hasMembersIntent }: { hasMembersIntent: boolean }): Promise<Stage> {
  const startedAt = new Date();
  const database = await createTestDatabase();
  const { db } = database;
  const matrix = matrixWorld();
  const sandbox = await startTestSandbox(matrix.world);
  await sandbox.control('intents', { guild_members: hasMembersIntent });
  const closers = [() => database.close(), () => sandbox.close()];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const first = await start(database.url, sandbox, matrix, 'gateway,worker,web');
    closers.push(first.stop);
    const viewers = await logEverybodyIn(first.url, db, matrix);
    const stage = makeStage({
      matrix,
      sandbox,
      db,
      url: first.url,
      viewers,
      startedAt,
      facts: await readFacts(db),
      close,
    });
    await readWorld(stage);
    await closers.pop()?.();
    const second = await start(database.url, sandbox, matrix, 'gateway,web');
    closers.push(second.stop);
    stage.url = second.url;
    await leaveRunsWaiting(stage);
    stage.viewers.push(...(await addOtherWays(db, matrix)));
    await openEyes(stage);
    await stage.refresh();
    stage.readingAtFirst = stage.facts.readingIds;
    stage.runsAtFirst = new Set(stage.facts.runs.keys());
    return stage;
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(databaseUrl: string, sandbox: TestSandbox, { people }: MatrixWorld, roles: string) {
  let url = '';
  const announce = (line: string) => {
    url = /Clipdex is at (\S+)/.exec(line)?.[1] ?? url;
  };
  const env = {
    ROLES: roles,
    OPERATOR_IDS: people.operator.id,
    DISCORD_CLIENT_ID: sandbox.clientId,
    DISCORD_CLIENT_SECRET: sandbox.clientSecret,
    DISCORD_AUTHORIZE_URL: sandbox.authorizeUrl,
    SECRET_KEY: 'a secret key of tests that is long enough',
  };
  const program: RunningProgram = await startProgram(databaseUrl, sandbox, env, { announce });
  await waitFor(() => url !== '');
  return { url, stop: () => program.stop() };
}

type MadeHere = 'oracle' | 'readingAtFirst' | 'runsAtFirst' | 'refresh' | 'viewer' | 'act';

function makeStage(parts: Omit<Stage, MadeHere>): Stage {
  const stage: Stage = {
    ...parts,
    oracle: new Oracle(parts.matrix),
    readingAtFirst: new Set(),
    runsAtFirst: new Set(),
    async refresh() {
      stage.facts = await readFacts(stage.db);
    },
    viewer(name) {
      const found = stage.viewers.find((one) => one.name === name);
      if (!found) throw new Error(`no viewer is called ${name}`);
      return found;
    },
    async act<Answer>(viewer: Viewer, method: string, path: string, body?: unknown) {
      await forgetLimits(stage.db);
      const headers = {
        ...viewer.headers,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
      };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${stage.url}${path}`, { method, headers, ...text });
      const answer = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
      return (answer === '' ? undefined : JSON.parse(answer)) as Answer;
    },
  };
  return stage;
}

/** All of it is read, as far as the bot may; then some of it is changed again. */
async function readWorld(stage: Stage): Promise<void> {
  const { matrix, db, sandbox } = stage;
  const { guilds, channels } = matrix;
  const operator = stage.viewer('operator');
  const installed = Object.values(guilds).filter(({ botJoined }) => botJoined);
  await waitFor(async () => (await db.query(sql`select from bot_guilds`)).length === installed.length);
  const nsfw = { scan_nsfw: true };
  await stage.act(operator, 'PATCH', `/api/guilds/${guilds.second.id}/settings`, nsfw);
  // As the command line does: no door leads to a channel that is not shown, as long as this is not set.
  await db.transaction((tx) => changeChannelSettings(tx, channels.opened.channel.id, nsfw));
  for (const { id } of installed) {
    const { items } = await stage.act<{ items: { id: string }[] }>(
      operator,
      'GET',
      `/api/guilds/${id}/channels`,
    );
    const channelIds = items.map((channel) => channel.id);
    await stage.act(operator, 'PATCH', `/api/guilds/${id}/channels`, { channelIds, isReading: true });
    await stage.act(operator, 'POST', `/api/guilds/${id}/runs`);
  }
  await untilIdle(db);
  await stage.act(operator, 'PATCH', `/api/channels/${channels.silent.channel.id}`, { isReading: false });
  await deleteMessages(stage);
  await sandbox.control('kick-bot', { guild_id: guilds.departed.id });
  await waitFor(async () => (await db.query(sql`select from guild_departures`)).length === 1);
  await untilIdle(db);
}

async function untilIdle(db: Database): Promise<void> {
  await waitFor(async () => {
    const [row] = await db.query<{ left: number }>(sql`
      select (select count(*)::int from bot_channel_scan_runs where status in ('queued', 'running'))
        + (select count(*)::int from index_passes where status in ('queued', 'running'))
        + (select count(*)::int from graphile_worker.jobs where task_identifier in ('list_threads', 'reevaluate_videos'))
        as left`);
    return row?.left === 0;
  }, SCAN_DEADLINE_MS);
}

async function deleteMessages({ matrix, sandbox, db }: Stage): Promise<void> {
  for (const video of matrix.toDelete) {
    await sandbox.control('delete', { channel_id: video.channelId, message_id: video.messageId });
    video.isDeleted = true;
  }
  await waitFor(async () => {
    const rows = await db.query(sql`select from videos where deleted_at is not null`);
    return rows.length === matrix.toDelete.length;
  });
}

/**
 * What each viewer sees, worked out one after the other: all at once, on a busy machine, the last would wait for Discord's
 * answers longer than a page does, and be shown the rest a quarter of a minute later.
 */
async function openEyes(stage: Stage): Promise<void> {
  for (const viewer of stage.viewers.filter(({ userId }) => userId !== null)) {
    await stage.act(viewer, 'GET', '/api/guilds');
  }
}

/** One run that waits for a worker, and one that was canceled while it did. */
async function leaveRunsWaiting(stage: Stage): Promise<void> {
  const operator = stage.viewer('operator');
  const { general, waiting } = stage.matrix.channels;
  const queue = (id: string) =>
    stage.act<{ run: { id: string } }>(operator, 'POST', `/api/channels/${id}/runs`, {});
  const { run } = await queue(general.channel.id);
  await stage.act(operator, 'POST', `/api/runs/${run.id}/cancel`);
  await queue(waiting.channel.id);
}
