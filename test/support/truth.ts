import type { Queryable } from '../../src/db/database.ts';
import { sql } from '../../src/db/database.ts';
import { snowflakeTime } from '../../src/discord/snowflake.ts';
import { hasId, type IdRange, parseMultirange } from '../../src/lib/ranges.ts';
import { holdsMessages, isAgeRestricted } from '../../src/sandbox/channels.ts';
import { canReadHistory } from '../../src/sandbox/permissions.ts';
import type {
  World,
  WorldAttachment,
  WorldChannel,
  WorldGuild,
  WorldMessage,
} from '../../src/sandbox/world.ts';
import { waitFor } from './wait-for.ts';

/** What cannot be seen in the world any more. */
export type Ledger = {
  /** Messages that were deleted when they had surely been read: they stay counted. By channel. */
  deletedAfterReading: Map<string, Set<string>>;
  /** Messages that were deleted or lost files when they may have been read or not. By channel. */
  perhapsRead: Map<string, Set<string>>;
};

export const emptyLedger = (): Ledger => ({ deletedAfterReading: new Map(), perhapsRead: new Map() });

const SETTLE_DEADLINE_MS = 50_000; // the longest pause of a run after an outage, and some
const SHOWN_DIFFERENCES = 20;

/** Waits until there is no difference any more; fails with those that stay. */
export async function untilEqual(
  db: Queryable,
  world: World,
  ledger: Ledger,
  deadlineMs = SETTLE_DEADLINE_MS,
): Promise<void> {
  let differences: string[] = [];
  const areGone = async () => {
    differences = await findDifferences(db, world, ledger).catch((error) => [String(error)]);
    return differences.length === 0;
  };
  await waitFor(areGone, deadlineMs).catch((cause) => {
    const shown = differences.slice(0, SHOWN_DIFFERENCES).join('\n');
    throw new Error(`the library is not what Discord has:\n${shown}`, { cause });
  });
}

type Place = { guild: WorldGuild; entry: WorldChannel };

/**
 * Where the library differs from what Discord has, each difference as one line: videos, authors, counters, cursors,
 * coverage, years, runs. The one comparison of all tests whose program has lived through a fault.
 */
export async function findDifferences(
  db: Queryable,
  world: World,
  ledger = emptyLedger(),
): Promise<string[]> {
  const places = readablePlaces(world);
  return [
    ...(await compareChannels(db, world, places, ledger)),
    ...compareSets('video', expectedVideos(places), await storedVideos(db)),
    ...compareSets('author', expectedAuthors(places), await storedAuthors(db)),
    ...(await findWrongRemovals(db, places, ledger)),
    ...(await findUnfinished(db)),
  ];
}

/** What the bot may read as long as nobody sets `scan_nsfw`. */
function readablePlaces(world: World): Place[] {
  return [...world.guilds.values()]
    .filter((guild) => guild.botJoined)
    .flatMap((guild) => [...guild.channels.values()].map((entry) => ({ guild, entry })))
    .filter(({ guild, entry: { channel } }) => holdsMessages(channel) && !isAgeRestricted(guild, channel))
    .filter(({ guild, entry }) => canReadHistory(guild, entry.channel, world.bot.id));
}

type StoredChannel = {
  id: string;
  count: string;
  last: string | null;
  scanned: string | null;
  years: Record<string, number>;
};

async function compareChannels(
  db: Queryable,
  world: World,
  places: Place[],
  ledger: Ledger,
): Promise<string[]> {
  const rows = await db.query<StoredChannel>(sql`
    select c.channel_id as id, c.message_count as count, c.last_message_id as last, s.scanned::text as scanned,
      coalesce((
        select jsonb_object_agg(y.year, y.message_count) from channel_years y where y.channel_id = c.channel_id
      ), '{}') as years
    from bot_channels c left join covered_ids s on s.channel_id = c.channel_id`);
  const stored = new Map(rows.map((row) => [row.id, row]));
  const existing = new Set([...world.guilds.values()].flatMap((guild) => [...guild.channels.keys()]));
  const gone = rows
    .filter((row) => !existing.has(row.id))
    .map((row) => `channel ${row.id}: is gone, but stored`);
  const wrong = places.flatMap(({ entry }) => compareChannel(entry, stored.get(entry.channel.id), ledger));
  return [...gone, ...wrong];
}

function compareChannel({ channel, messages }: WorldChannel, row: StoredChannel | undefined, ledger: Ledger) {
  const name = `channel ${channel.id}`;
  if (!row) return [`${name}: is not stored`];
  const removed = [...(ledger.deletedAfterReading.get(channel.id) ?? [])];
  const perhaps = ledger.perhapsRead.get(channel.id)?.size ?? 0;
  const read = [...messages.map((message) => message.id), ...removed];
  const count = Number(row.count);
  const ranges = parseMultirange(row.scanned ?? '{}');
  const differences: string[] = [];
  const differs = (what: string, wanted: unknown, found: unknown) =>
    differences.push(`${name}: ${what} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  if (count < read.length || count > read.length + perhaps) differs('message_count', read.length, count);
  const sum = Object.values(row.years).reduce((total, each) => total + each, 0);
  if (sum !== count) differs('the sum of its years', count, sum);
  if (perhaps > 0) return [...differences, ...uncovered(name, messages, ranges)];
  const last = String(read.reduce((newest, id) => (BigInt(id) > newest ? BigInt(id) : newest), 0n));
  if ((row.last ?? '0') !== last) differs('last_message_id', last, row.last);
  const years = JSON.stringify(countYears(read));
  if (JSON.stringify(row.years) !== years) differs('messages by year', years, row.years);
  return [...differences, ...uncovered(name, messages, ranges)];
}

/** Every message is covered, and nothing is left below the oldest; gaps between live messages may wait for their proof. */
function uncovered(name: string, messages: readonly WorldMessage[], ranges: readonly IdRange[]): string[] {
  const left = messages.filter(({ id }) => !hasId(ranges, BigInt(id))).map(({ id }) => id);
  const isOpen = messages.length > 0 && !hasId(ranges, 1n);
  const covered = ranges.map(({ low, high }) => `[${low},${high})`).join(' ');
  return [
    ...(left.length > 0 ? [`${name}: covers ${covered}, but not ${left.join(' ')}`] : []),
    ...(isOpen ? [`${name}: its beginning is not covered, only ${covered}`] : []),
  ];
}

function countYears(ids: readonly string[]): Record<string, number> {
  const years: Record<string, number> = {};
  for (const id of ids) {
    const year = new Date(snowflakeTime(id)).getUTCFullYear();
    years[year] = (years[year] ?? 0) + 1;
  }
  return years;
}

function expectedVideos(places: readonly Place[]): string[] {
  return places.flatMap(({ guild, entry }) =>
    entry.messages.flatMap((message) =>
      videosOf(message).map(({ file, source, caption }) =>
        JSON.stringify([
          ...[guild.id, entry.channel.id, message.id, file.id, message.author.id, source, caption],
          ...[file.filename, file.size, file.content_type ?? null],
          instant(message.timestamp),
          instant(message.edited_timestamp),
        ]),
      ),
    ),
  );
}

function videosOf(message: WorldMessage) {
  const holders = [
    { source: 'attachment', holder: message },
    ...(message.message_snapshots ?? []).map((snapshot) => ({ source: 'forward', holder: snapshot.message })),
  ];
  return holders.flatMap(({ source, holder }) =>
    holder.attachments
      .filter(isVideo)
      .map((file) => ({ file, source, caption: holder.content === '' ? null : (holder.content ?? null) })),
  );
}

function isVideo({ filename }: WorldAttachment): boolean {
  return /\.(mp4|webm|mov|m4v|mkv|avi)$/i.test(filename);
}

function instant(time: string | null): string | null {
  return time && new Date(time).toISOString();
}

async function storedVideos(db: Queryable): Promise<string[]> {
  const rows = await db.query<Record<string, unknown> & { posted_at: Date; edited_at: Date | null }>(sql`
    select guild_id, channel_id, message_id, id, author_id, source, caption, filename, size_bytes::int as size,
      content_type, posted_at, edited_at, is_video and is_confirmed as counts
    from videos where deleted_at is null`);
  return rows.map(({ posted_at, edited_at, counts, ...fields }) =>
    JSON.stringify([
      ...Object.values(fields),
      posted_at.toISOString(),
      edited_at?.toISOString() ?? null,
      ...(counts ? [] : ['does not count']),
    ]),
  );
}

function expectedAuthors(places: readonly Place[]): string[] {
  const posters = places
    .flatMap(({ entry }) => entry.messages)
    .filter((message) => videosOf(message).length > 0)
    .map(({ author }) => JSON.stringify([author.id, author.username, author.global_name]));
  return [...new Set(posters)];
}

async function storedAuthors(db: Queryable): Promise<string[]> {
  const rows = await db.query(sql`
    select id, username, global_name from authors
    where exists (select from videos v where v.author_id = authors.id and v.deleted_at is null)`);
  return rows.map((row) => JSON.stringify(Object.values(row)));
}

/** Each once: what is stored twice is a difference too. */
function compareSets(what: string, expected: readonly string[], stored: readonly string[]): string[] {
  const wanted = new Set(expected);
  const found = new Set(stored);
  return [
    ...(found.size === stored.length ? [] : [`${what}: ${stored.length - found.size} doubled`]),
    ...expected.filter((line) => !found.has(line)).map((line) => `${what} missing: ${line}`),
    ...stored.filter((line) => !wanted.has(line)).map((line) => `${what} too many: ${line}`),
  ];
}

/** A video is marked as removed only where its message was deleted, or lost its file. */
async function findWrongRemovals(db: Queryable, places: readonly Place[], ledger: Ledger): Promise<string[]> {
  const rows = await db.query<{ channel_id: string; message_id: string }>(sql`
    select channel_id, message_id from videos where deleted_at is not null`);
  const readable = new Set(places.map(({ entry }) => entry.channel.id));
  const { deletedAfterReading, perhapsRead } = ledger;
  return rows
    .filter(({ channel_id: id }) => readable.has(id))
    .filter(({ channel_id: id, message_id: message }) =>
      [deletedAfterReading, perhapsRead].every((deleted) => !deleted.get(id)?.has(message)),
    )
    .map((row) => `video removed: nobody deleted it: ${JSON.stringify(row)}`);
}

/** No run is left unfinished, and none failed. */
async function findUnfinished(db: Queryable): Promise<string[]> {
  const runs = await db.query(sql`
    select r.channel_id, r.status, r.error_message
    from bot_channel_scan_runs r where r.status not in ('succeeded', 'canceled')`);
  const passes = await db.query(sql`select guild_id, status from index_passes where status <> 'succeeded'`);
  const listings = await db.query(sql`select channel_id from thread_lists where began_at is not null`);
  return [
    ...runs.map((row) => `run: ${JSON.stringify(row)}`),
    ...passes.map((row) => `index pass: ${JSON.stringify(row)}`),
    ...listings.map((row) => `listing of threads under way: ${JSON.stringify(row)}`),
  ];
}
