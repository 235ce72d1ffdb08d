import { ensureCoverage } from './coverage.ts';
import { type Queryable, type Sql, sql, type Transaction } from './database.ts';
import { type NewAuthor, type PostedVideo, writeVideos } from './videos.ts';

/** One page of search results as read, and where the pass goes on. */
export type IndexPage = {
  passId: string;
  /** The job attempt that may commit; a page of an attempt that was taken over is refused. */
  workerId: string;
  guildId: string;
  videos: readonly PostedVideo[];
  authors: readonly NewAuthor[];
  /** Where the next page begins, by this or a later attempt. */
  next: IndexPlace;
  documentsIndexed: number | null;
};

/** A place in a pass: the search under way, below which message its next page begins, and how it has gone of late. */
export type IndexPlace = { search: string; nextMaxId: string | null; barrenPages: number };

/**
 * Writes what a page of the index tells, together with the pass's place and counters: all of it or nothing, and
 * nothing unless the pass is running and belongs to this worker. What the index tells is no proof: no message is
 * counted and nothing becomes covered.
 *
 * Locks are taken in the order pass, then channel and coverage by channel, as live ingest takes them. Coverage stands
 * still meanwhile, so a message is either processed by a walk before, and then none of the index's business, or after.
 */
export async function commitIndexPage(
  tx: Transaction,
  page: IndexPage,
): Promise<'committed' | 'not_running'> {
  const claimed = await tx.query(sql`
    select from index_passes
    where id = ${page.passId} and status = 'running' and worker_id = ${page.workerId}
    for update`);
  if (claimed.length === 0) return 'not_running';
  const news = await findNews(tx, page);
  const isNews = (video: PostedVideo) => news.has(video.messageId);
  await tx.query(writePage(page, page.videos.filter(isNews)));
  return 'committed';
}

/** Those of the page's messages that may be shown now, that no walk has processed, and that nobody deleted. */
async function findNews(tx: Transaction, { guildId, videos }: IndexPage): Promise<Set<string>> {
  if (videos.length === 0) return new Set();
  const channelIds = [...new Set(videos.map((video) => video.channelId))];
  await ensureCoverage(tx, ...channelIds);
  const rows = await tx.query<{ id: string }>(sql`
    with channels as materialized (
      select c.channel_id, coverage.scanned
      from bot_channels c
      join covered_ids coverage on coverage.channel_id = c.channel_id
      join channel_rules rules on rules.channel_id = c.channel_id
      where c.channel_id = any(${channelIds}::text[]) and c.guild_id = ${guildId}
        and rules.is_reading and rules.is_open
      order by c.channel_id -- one order of locks for all writers
      for key share of c
      for share of coverage
    )
    select distinct told.message_id as id
    from unnest(
      ${videos.map((video) => video.messageId)}::bigint[], ${videos.map((video) => video.channelId)}::text[]
    ) as told (message_id, channel_id)
    join channels on channels.channel_id = told.channel_id
    where not channels.scanned @> told.message_id
      and not exists (select from deleted_messages gone where gone.message_id = told.message_id)
      and not exists (
        select from videos gone where gone.message_id = told.message_id and gone.deleted_at is not null
      )`);
  return new Set(rows.map((row) => row.id));
}

function writePage(
  { passId, guildId, authors, next, documentsIndexed }: IndexPage,
  videos: PostedVideo[],
): Sql {
  const channelIds = videos.map((video) => video.channelId);
  const authorIds = new Set(videos.map((video) => video.authorId));
  return sql`
    with channels as materialized (
      select channel_id, guild_id from bot_channels
      where channel_id = any(${channelIds}::text[]) and guild_id = ${guildId}
    ),
    ${writeVideos(
      videos,
      authors.filter((author) => authorIds.has(author.id)),
      'index',
    )}
    update index_passes pass set
      pages = pass.pages + 1,
      messages_found = pass.messages_found + found.messages,
      videos_found = pass.videos_found + found.videos,
      search = ${next.search},
      next_max_id = ${next.nextMaxId}::bigint,
      barren_pages = ${next.barrenPages}::integer,
      documents_indexed = coalesce(${documentsIndexed}::bigint, pass.documents_indexed),
      waiting_since = null,
      parked_until = null
    from (
      select count(distinct message_id) as messages, count(*) as videos from written_videos where is_new and is_video
    ) found
    where pass.id = ${passId}`;
}

/**
 * Marks as deleted what only the index told of, of messages that a walk has processed by now: the walk saw none of it.
 * For what a walk's own page could not see because both were written at the same moment.
 */
export async function markStaleVideos(
  db: Queryable,
  where: { guildId: string } | { channelId: string },
): Promise<void> {
  const isThere =
    'guildId' in where ? sql`video.guild_id = ${where.guildId}` : sql`video.channel_id = ${where.channelId}`;
  await db.query(sql`
    update videos video set deleted_at = now()
    from covered_ids coverage
    where ${isThere} and not video.is_confirmed and video.deleted_at is null
      and coverage.channel_id = video.channel_id and coverage.scanned @> video.message_id`);
}
