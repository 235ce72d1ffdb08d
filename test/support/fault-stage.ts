import { Database, type Queryable, sql } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';
import type { SandboxLimits } from '../../src/sandbox/rate-limits.ts';
import { ids } from '../sandbox/small-world.ts';
import { createTestDatabase } from './database.ts';
import { type FaultWorld, faultWorld } from './fault-world.ts';
import { createLiveLoad, type LiveLoad } from './live-load.ts';
import {
  type ProgramOptions,
  type RunningProgram,
  startProgram,
  startTestSandbox,
  type TestSandbox,
} from './program.ts';
import { recordLog } from './recorded-log.ts';
import { untilEqual } from './truth.ts';
import { waitFor } from './wait-for.ts';

const LATENCY_MS = 25; // of each answer, so that a scan lasts long enough to be struck
const LOAD_PAUSE_MS = 15;

export type FaultStageOptions = {
  seed: number;
  /** A database of the caller's; one of its own when left out. */
  databaseUrl?: string;
  limits?: Partial<SandboxLimits>;
  program?: ProgramOptions;
};

export type FaultStage = AsyncDisposable & {
  sandbox: TestSandbox;
  db: Database;
  databaseUrl: string;
  world: FaultWorld;
  load: LiveLoad;
  /** What the programs of this stage have logged. */
  lines: string[];
  start(env?: Record<string, string>): Promise<RunningProgram>;
  /** Opens another long channel to the bot, and resolves in the middle of its scan. */
  openRoom(): Promise<string>;
  /**
   * Something goes wrong while a channel is scanned and people post, and is mended: afterwards the library must be
   * what Discord has. `posts`: people only post, because what they change while no session hears it is never told.
   */
  strike(fault: () => Promise<void>, load?: 'everything' | 'posts'): Promise<void>;
  /** The sandbox's counts of gateway sessions begun and resumed. */
  gatewayStats(): Promise<{ identified: number; resumed: number; connected: number }>;
  /** Waits until the library is what Discord has, row by row; fails with the differences. */
  settled(): Promise<void>;
};

/** A world, a sandbox, a database and programs between them, for tests of faults. */
export async function openFaultStage(options: FaultStageOptions): Promise<FaultStage> {
  const world = faultWorld();
  const { log, lines } = recordLog();
  const own = options.databaseUrl === undefined ? await createTestDatabase() : null;
  const databaseUrl = options.databaseUrl ?? own?.url ?? '';
  const db = own?.db ?? new Database(databaseUrl, createLogger('silent'));
  const sandbox = await startTestSandbox(world.world, options.limits);
  await sandbox.control('latency', { ms: LATENCY_MS });
  const load = createLiveLoad({ sandbox, faultWorld: world, seed: options.seed, pauseMs: LOAD_PAUSE_MS });
  const programs = new Set<RunningProgram>();
  const rooms = [...world.closedIds];

  const stage: FaultStage = {
    sandbox,
    db,
    databaseUrl,
    world,
    load,
    lines,
    async start(env = {}) {
      const program = await startProgram(databaseUrl, sandbox, env, { log, ...options.program });
      programs.add(program);
      program.ended.catch(() => {}).finally(() => programs.delete(program));
      return program;
    },
    async openRoom() {
      const channelId = rooms.shift();
      if (!channelId) throw new Error('every channel of the world is open already');
      await sandbox.control('overwrite', { channel_id: channelId, id: ids.guild, type: 'role' });
      await waitFor(async () => (await countPages(db, channelId)) > 0);
      return channelId;
    },
    async gatewayStats() {
      const { gateway } = await sandbox.control('stats');
      return gateway as { identified: number; resumed: number; connected: number };
    },
    async strike(fault, what) {
      const stopLoad = load.begin(what);
      try {
        await stage.openRoom();
        await fault();
      } finally {
        await stopLoad();
      }
      await stage.settled();
    },
    async settled() {
      await untilEqual(db, sandbox.world, load.ledger);
    },
    async [Symbol.asyncDispose]() {
      try {
        for (const program of [...programs]) await program.stop();
        await sandbox.close();
      } finally {
        await (own ?? db).close();
      }
    },
  };
  return stage;
}

async function countPages(db: Queryable, channelId: string): Promise<number> {
  const [row] = await db.query<{ pages: number }>(sql`
    select coalesce(sum(w.pages), 0)::int as pages
    from bot_channel_scan_runs r join scan_run_walks w on w.run_id = r.id
    where r.channel_id = ${channelId}`);
  return row?.pages ?? 0;
}
