import { startReadingNew } from '../src/db/channel-rules.ts';
import { upsertChannels } from '../src/db/channels-sync.ts';
import { Database, sql } from '../src/db/database.ts';
import { upsertGuild } from '../src/db/guilds.ts';
import { getIndexPass } from '../src/db/index-passes.ts';
import { createDiscordRest } from '../src/discord/rest.ts';
import { enqueueIndexPass } from '../src/jobs/enqueue-index-pass.ts';
import { createLogger } from '../src/lib/log.ts';
import { indexGuildJob } from '../src/scan/index-jobs.ts';
import { AccessVerifier } from '../src/scan/verify-access.ts';
import { startTestSandbox, type TestSandbox } from '../test/support/program.ts';
import { BENCH_GUILD, bigWorld, CHANNELS, channelIdOf, VIDEOS } from './index-pass/big-world.ts';
import type { Figure } from './main.ts';
import { openBenchDatabases } from './scan/bench-databases.ts';
import { boundFigure, plainFigure } from './scan/figures.ts';

const REQUESTS_GOAL = 1_000;
const UNPACED = 1_000_000; // requests a second: what is counted is the requests, not the politeness

const log = createLogger('error');

/** How many requests a pass over the search index of a guild with a million messages makes. */
export async function bench(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  const life = new AbortController();
  const sandbox = await startTestSandbox(bigWorld());
  const db = new Database(await databases.create('index'), log);
  try {
    return await measure(db, sandbox, life.signal);
  } finally {
    await db.close();
    await sandbox.close();
    life.abort();
  }
}

async function measure(db: Database, sandbox: TestSandbox, signal: AbortSignal): Promise<Figure[]> {
  const { apiUrl, token } = sandbox;
  const rest = createDiscordRest({ apiUrl, token, log, signal, limits: { requestsPerSecond: UNPACED } });
  try {
    await addGuild(db);
    const verifier = new AccessVerifier({ rest, db, apiUrl });
    const queued = await db.transaction((tx) =>
      enqueueIndexPass(tx, { guildId: BENCH_GUILD, requestedBy: 'person' }),
    );
    if (!queued.ok) throw new Error(queued.reason);
    const startedAt = performance.now();
    await indexGuildJob({ db, rest, verifier, log })({ passId: queued.pass.id }, { signal });
    const secs = (performance.now() - startedAt) / 1_000;
    const pass = await getIndexPass(db, queued.pass.id);
    if (pass?.status !== 'succeeded') throw new Error(pass?.errorMessage ?? 'the pass has not ended');
    const [shown] = await db.query<{ count: number }>(sql`select count(*)::int as count from videos`);
    const found = shown?.count ?? 0;
    const requests = Object.values(await sandbox.requests()).reduce((sum, count) => sum + count, 0);
    return [
      boundFigure('requests of an index pass over a million messages', requests, '', REQUESTS_GOAL),
      { ...plainFigure('videos that it told of', found, ''), goal: VIDEOS, holds: found === VIDEOS },
      plainFigure('time of the pass without pacing', secs, 's'),
    ];
  } finally {
    await rest.close();
  }
}

async function addGuild(db: Database): Promise<void> {
  await upsertGuild(db, { id: BENCH_GUILD, name: 'Guild', icon: null, ownerUserId: null });
  const channels = Array.from({ length: CHANNELS }, (_, n) => ({
    id: channelIdOf(n),
    name: `channel ${n}`,
    type: 'text' as const,
    isNsfw: false,
    parentId: null,
    position: n,
    overwrites: [],
    newestMessageId: null,
  }));
  await startReadingNew(db, await upsertChannels(db, BENCH_GUILD, channels));
}
