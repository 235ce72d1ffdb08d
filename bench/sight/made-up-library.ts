import { type Database, sql } from '../../src/db/database.ts';

/** Of the whole instance. */
const GUILDS = 200;
const CHANNELS = 100; // of a guild
const THREADS = 250; // of a guild
const VIDEOS = 1_000_000;
const guildBase = '900000000000000000';
const channelBase = '800000000000000000';
const threadBase = '850000000000000000';
/** One channel in so many is age-restricted. */
const RESTRICTED_EVERY = 25;

export const madeUp = {
  guildId: guildId(10),
  channelId: channelId(10, 2),
  /** In the middle of all. */
  place: { messageId: '1000000000000500000', id: '1' },
};

/** Sees every channel of 20 guilds; of one guild; one channel. */
export const viewers = { wide: '1', narrow: '2', single: '3' };

/** Guilds, channels, threads, their runs and videos, all of them everywhere, so that no page lies near another. */
export async function makeUpLibrary(db: Database): Promise<void> {
  await makeGuilds(db);
  await makeRuns(db);
  await makeVideos(db);
  await makeViewers(db);
  await db.query(sql`analyze`);
}

async function makeGuilds(db: Database): Promise<void> {
  await db.query(sql`
    insert into bot_guilds (guild_id, name)
    select ${guildBase}::bigint + g, 'Guild ' || g from generate_series(1, ${GUILDS}::int) g`);
  await db.query(sql`
    insert into bot_channels (channel_id, guild_id, name, type, is_nsfw, is_reading)
    select ${channelBase}::bigint + g * 1000 + c, ${guildBase}::bigint + g, 'channel ' || c, 'text',
      c % ${RESTRICTED_EVERY}::int = 0, true
    from generate_series(1, ${GUILDS}::int) g, generate_series(1, ${CHANNELS}::int) c`);
  await db.query(sql`
    insert into bot_channels (channel_id, guild_id, name, type, is_reading)
    select ${threadBase}::bigint + g * 1000 + t, ${guildBase}::bigint + g, 'thread ' || t, 'public_thread', true
    from generate_series(1, ${GUILDS}::int) g, generate_series(1, ${THREADS}::int) t`);
  await db.query(sql`
    insert into channel_access (channel_id, parent_id)
    select channel_id, case when type = 'public_thread' then
      (${channelBase}::bigint + (guild_id::bigint - ${guildBase}::bigint) * 1000
        + 1 + channel_id::bigint % ${CHANNELS}::int)::text end
    from bot_channels`);
}

/** As after a day: of each channel two runs that ended, and one that waits in every other channel of every other guild. */
async function makeRuns(db: Database): Promise<void> {
  await db.query(sql`
    with runs as (
      insert into bot_channel_scan_runs (channel_id, status, created_at, finished_at)
      select channel_id, 'succeeded'::scan_status, now() - hours * interval '1 hour', now() - hours * interval '1 hour'
      from bot_channels, unnest(array[5, 50]) hours
      union all
      select channel_id, 'queued', now() - interval '1 hour', null
      from bot_channels where channel_id::bigint % 2 = 0 and guild_id::bigint % 2 = 0
      returning id
    )
    insert into scan_run_walks (run_id, requested_by) select id, 'auto' from runs`);
}

/** Every tenth has a common word, every seventh another, one in a thousand and one in a hundred thousand a rarer one. */
const filename = sql`concat_ws('_', left(md5(n::text), 12),
  case when n % 10 = 0 then 'harbour' end, case when n % 7 = 0 then 'evening' end,
  case when n % 1000 = 1 then 'kickflip' end, case when n % 100000 = 2 then 'zeppelin' end) || '.mp4'`;

async function makeVideos(db: Database): Promise<void> {
  await db.query(sql`
    insert into videos (
      message_id, id, channel_id, guild_id, posted_at, filename, extension, source, url, found_by
    )
    select 1000000000000000000 + n, (1000000000000000000 + n)::text,
      case when n % 5 < 3
        then ${channelBase}::bigint + g * 1000 + 1 + place % ${CHANNELS}::int
        else ${threadBase}::bigint + g * 1000 + 1 + place % ${THREADS}::int
      end,
      ${guildBase}::bigint + g, now(), ${filename}, 'mp4', 'attachment', 'https://cdn.example/video.mp4', 'history'
    from (
      select n, abs(hashint8(n)) / 1000 as place, 1 + abs(hashint8(n * 7 + 3)) % ${GUILDS}::int as g
      from generate_series(1, ${VIDEOS}::int) n
    ) made`);
}

async function makeViewers(db: Database): Promise<void> {
  await db.query(sql`
    insert into users (discord_user_id) select unnest(${Object.values(viewers)}::text[])`);
  const seen = [
    ...Array.from({ length: 20 }, (_, nth) => ({ user: viewers.wide, guild: (nth + 1) * 10, every: true })),
    { user: viewers.narrow, guild: 10, every: true },
    { user: viewers.single, guild: 10, every: false },
  ];
  await db.query(sql`
    insert into viewers (user_id, guilds_read_at) select unnest(${Object.values(viewers)}::text[]), now()`);
  for (const { user, guild, every } of seen) {
    await db.query(sql`
      with sight as (
        insert into viewer_guilds (user_id, guild_id, name, is_owner, permissions)
        values (${user}, ${guildId(guild)}, 'Guild', false, 0)
      )
      insert into viewer_channels (user_id, guild_id, channel_ids, can_manage, access_version, valid_until)
      select ${user}, ${guildId(guild)},
        array(
          select channel_id from bot_channels
          where guild_id = ${guildId(guild)} and type = 'text' and (${every} or channel_id = ${madeUp.channelId})
        ),
        false,
        coalesce((select version from guild_access_versions where guild_id = ${guildId(guild)}), 0),
        now() + interval '1 day'`);
  }
}

function guildId(nth: number): string {
  return String(BigInt(guildBase) + BigInt(nth));
}

function channelId(guild: number, nth: number): string {
  return String(BigInt(channelBase) + BigInt(guild * 1000 + nth));
}
