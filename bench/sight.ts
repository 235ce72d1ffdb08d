import { readFileSync } from 'node:fs';
import { readChanges } from '../src/db/changes.ts';
import { listChannelOverviews } from '../src/db/channel-overviews.ts';
import { Database, sql } from '../src/db/database.ts';
import { listGuildOverviews } from '../src/db/guild-overviews.ts';
import { listRuns } from '../src/db/list-scan-runs.ts';
import type { Sight } from '../src/db/sight.ts';
import { findLink } from '../src/db/video-links.ts';
import { countVideos, listVideos } from '../src/db/videos-list.ts';
import { readSightState } from '../src/db/viewer-channels.ts';
import { createLogger } from '../src/lib/log.ts';
import type { Figure } from './main.ts';
import { openBenchDatabases } from './scan/bench-databases.ts';
import { madeUp, makeUpLibrary, viewers } from './sight/made-up-library.ts';

const RUNS = 20;
const WARM_UPS = 3;
const PAGE = { limit: 51 };
const PAGE_GOAL_MS = 10;
const { guildId, channelId, place } = madeUp;

type Measured = {
  name: string;
  goalMs: number | null;
  run: (db: Database, sight: Sight) => Promise<unknown>;
};

const pages: readonly Measured[] = [
  page('newest page', (db, sight) => listVideos(db, sight, {}, PAGE)),
  page('page in the middle', (db, sight) => listVideos(db, sight, {}, { ...PAGE, after: place })),
  page('page of a guild', (db, sight) => listVideos(db, sight, { guildId }, PAGE)),
  page('page of a channel', (db, sight) => listVideos(db, sight, { channelId }, PAGE)),
  ...Object.entries({
    'a rare word': ['zeppelin'],
    'a word of one in a thousand': ['kickflip'],
    'a common word': ['harbour'],
    'two common words': ['harbour', 'evening'],
    'a word that none has': ['xylophone'],
  }).map(([name, words]) => list(`page with ${name}`, (db, sight) => listVideos(db, sight, { words }, PAGE))),
  page('link of a video', (db, sight) => findLink(db, sight, place.messageId)),
];
const lists: readonly Measured[] = [
  list('count', (db, sight) => countVideos(db, sight, {})),
  list('guilds', (db, sight) => listGuildOverviews(db, sight)),
  list('channels of a guild', (db, sight) => listChannelOverviews(db, sight, guildId)),
  list('runs', (db, sight) => listRuns(db, sight, { limit: 48 })),
  list('runs of a guild', (db, sight) => listRuns(db, sight, { guildId, limit: 48 })),
];
const eyes: Record<string, Sight> = {
  everything: 'everything',
  '20 guilds': { userId: viewers.wide },
  'one guild': { userId: viewers.narrow },
  'one channel': { userId: viewers.single },
};

/**
 * What it costs PostgreSQL to show a viewer what they see, of a million videos in 200 guilds with 20,000 channels, 50,000
 * threads and 157,500 runs: its CPU time, planning included, and of all runs the least, as whatever else the machine does
 * only adds to it. Pages of those who see a fair part of what is posted have a goal.
 */
export async function bench(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  const db = new Database(await databases.create('sight'), createLogger('error'), 1);
  try {
    await makeUpLibrary(db);
    const [backend] = await db.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    const cpuMs = () => readCpuMs(backend?.pid ?? 0);
    const figures: Figure[] = [];
    for (const [who, sight] of Object.entries(eyes)) {
      const isWide = who === 'everything' || who === '20 guilds';
      for (const one of [...pages, ...lists]) {
        figures.push(
          await measure(`${who}: ${one.name}`, isWide ? one.goalMs : null, cpuMs, () => one.run(db, sight)),
        );
      }
    }
    figures.push(
      await measure('20 guilds: all fresh', PAGE_GOAL_MS, cpuMs, () => readSightState(db, viewers.wide)),
      await measure('a look for events', null, cpuMs, () => readChanges(db, new Date().toISOString())),
    );
    return figures;
  } finally {
    await db.close();
  }
}

async function measure(
  name: string,
  goal: number | null,
  cpuMs: () => number,
  run: () => Promise<unknown>,
): Promise<Figure> {
  const times: number[] = [];
  for (let nth = 0; nth < WARM_UPS + RUNS; nth += 1) {
    const before = cpuMs();
    await run();
    if (nth >= WARM_UPS) times.push(cpuMs() - before);
  }
  const value = Math.round(Math.min(...times) * 10) / 10;
  return { name, value, unit: 'ms', baseline: null, goal, holds: goal === null || value <= goal };
}

/** Of one process of this machine, as Linux counts it in nanoseconds. */
function readCpuMs(pid: number): number {
  const [nanoseconds = '0'] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

function page(name: string, run: Measured['run']): Measured {
  return { name, goalMs: PAGE_GOAL_MS, run };
}

function list(name: string, run: Measured['run']): Measured {
  return { name, goalMs: null, run };
}
