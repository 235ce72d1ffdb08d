import { setChannelReading } from '../../src/db/channels.ts';
import { upsertChannels } from '../../src/db/channels-sync.ts';
import { Database } from '../../src/db/database.ts';
import { enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import { upsertGuild } from '../../src/db/guilds.ts';
import { getScanRun } from '../../src/db/scan-runs.ts';
import { createDiscordRest, type DiscordRest } from '../../src/discord/rest.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { Cancellations } from '../../src/scan/cancellations.ts';
import { scanRunJob } from '../../src/scan/scan-jobs.ts';
import { AccessVerifier } from '../../src/scan/verify-access.ts';
import { leanGuildId } from './lean-guilds.ts';
import { newestMessageId } from './lean-messages.ts';

const UNPACED = 1_000_000; // requests a second: what is measured is the work, not the politeness

/** Where the engine works: a database of its own, and a lean Discord. */
export type Place = { databaseUrl: string; apiUrl: string };

export type ScanEngine = AsyncDisposable & {
  /** Aborts when the engine is closed; runs under way are given back. */
  signal: AbortSignal;
  db: Database;
  rest: DiscordRest;
  /** Makes the channel known, and read, as the gateway would. */
  addChannel(channelId: string): Promise<void>;
  /** Queues a run and walks it to its end. @throws when it does not succeed. */
  scan(channelId: string, afterMessageId?: string): Promise<void>;
};

/** The product's own way from a run in the table to its end, without the queue and without waiting for Discord's pace. */
export function openScanEngine({ databaseUrl, apiUrl }: Place): ScanEngine {
  const log = createLogger('error');
  const life = new AbortController();
  const db = new Database(databaseUrl, log);
  const rest = createDiscordRest({
    apiUrl,
    token: 'bench.token',
    log,
    signal: life.signal,
    limits: { requestsPerSecond: UNPACED },
  });
  const verifier = new AccessVerifier({ rest, db, apiUrl });
  const runJob = scanRunJob({
    db,
    rest,
    verifier,
    log,
    clock: systemClock,
    cancellations: new Cancellations(),
  });
  const guildId = leanGuildId(0);
  return {
    signal: life.signal,
    db,
    rest,
    async addChannel(id) {
      await upsertGuild(db, { id: guildId, name: 'Guild', icon: null, ownerUserId: null });
      const channel = {
        id,
        name: 'channel',
        type: 'text',
        isNsfw: false,
        parentId: null,
        position: 0,
      } as const;
      await upsertChannels(db, guildId, [
        { ...channel, overwrites: [], newestMessageId: newestMessageId(id) },
      ]);
      await db.transaction((tx) => setChannelReading(tx, id, true));
    },
    async scan(channelId, afterMessageId) {
      const queued = await enqueueScanRun(db, { channelId, afterMessageId, requestedBy: 'person' });
      if (!queued.ok) throw new Error(`channel ${channelId}: ${queued.reason}`);
      await runJob({ runId: queued.run.id }, { signal: life.signal });
      const ended = await getScanRun(db, queued.run.id);
      if (ended?.status !== 'succeeded')
        throw new Error(`run ${queued.run.id}: ${ended?.errorMessage ?? ended?.status}`);
    },
    async [Symbol.asyncDispose]() {
      life.abort();
      await rest.close();
      await db.close();
    },
  };
}
