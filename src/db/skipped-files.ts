import { type Queryable, type Sql, sql } from './database.ts';
import { type Sight, visibleChannels } from './sight.ts';

/** Why a file could not be told from Discord's payload. */
export type SkipReason =
  | 'not_a_list'
  | 'not_an_object'
  | 'no_id'
  | 'no_name'
  | 'no_url'
  /** The list has more entries than Discord allows; those beyond were left out. */
  | 'too_many'
  /** Components that hold each other deeper than Discord allows. */
  | 'too_deep';

/** A file that was left out, known by its message and its place there: "attachments.0". */
export type SkippedFile = { messageId: string; place: string; reason: SkipReason };

/** How many files were left out, by the reason. */
export type SkippedCounts = Partial<Record<SkipReason, number>>;

export async function countSkippedFiles(
  db: Queryable,
  sight: Sight,
  where: { channelId: string } | { guildId: string },
): Promise<SkippedCounts> {
  const isWanted: Sql =
    'channelId' in where ? sql`r.channel_id = ${where.channelId}` : sql`r.guild_id = ${where.guildId}`;
  const rows = await db.query<{ reason: SkipReason; count: number }>(sql`
    select s.reason, count(*)::int as count
    from skipped_files s
    where s.channel_id in (${visibleChannels(sight, isWanted)})
    group by s.reason`);
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}
