import { type NewChannel, upsertChannels } from '../../src/db/channels-sync.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import { type NewGuild, upsertGuild } from '../../src/db/guilds.ts';
import { startScanRun } from '../../src/db/move-scan-run.ts';
import type { ScanRun } from '../../src/db/scan-runs.ts';

let lastId = 900_000_000_000_000_000n;

/** An id that no other row of this test file has. */
export function newId(): string {
  lastId += 1n;
  return String(lastId);
}

export function sampleGuild(given: Partial<NewGuild> = {}): NewGuild {
  return { id: newId(), name: 'Film club', icon: null, ownerUserId: null, ...given };
}

export function sampleChannel(given: Partial<NewChannel> = {}): NewChannel {
  return {
    id: newId(),
    name: 'clips',
    type: 'text',
    isNsfw: false,
    parentId: null,
    position: 0,
    overwrites: [],
    newestMessageId: null,
    ...given,
  };
}

export async function addGuild(db: Database, given: Partial<NewGuild> = {}): Promise<string> {
  const guild = sampleGuild(given);
  await upsertGuild(db, guild);
  return guild.id;
}

/** Adds a channel, in a guild of its own unless one is given. */
export async function addChannel(
  db: Database,
  given: Partial<NewChannel> & { guildId?: string; isReading?: boolean } = {},
): Promise<string> {
  const { guildId = await addGuild(db), isReading = true, ...rest } = given;
  const channel = sampleChannel(rest);
  await upsertChannels(db, guildId, [channel]);
  await db.query(sql`update bot_channels set is_reading = ${isReading} where channel_id = ${channel.id}`);
  return channel.id;
}

/** Queues a run, in a channel of its own unless one is given. */
export async function addRun(db: Database, channelId?: string): Promise<ScanRun> {
  const result = await enqueueScanRun(db, {
    channelId: channelId ?? (await addChannel(db)),
    requestedBy: 'person',
  });
  if (!result.ok) throw new Error(`run refused: ${result.reason}`);
  return result.run;
}

export async function addRunningRun(db: Database, workerId: string): Promise<ScanRun> {
  const result = await startScanRun(db, (await addRun(db)).id, workerId);
  if (result.outcome !== 'started') throw new Error(`run not started: ${result.outcome}`);
  return result.run;
}
