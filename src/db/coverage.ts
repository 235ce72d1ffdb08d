import { type IdRange, parseMultirange } from '../lib/ranges.ts';
import { type Queryable, type Sql, sql, type Transaction } from './database.ts';
import { passingReasons } from './scan-run-reasons.ts';

/** The message ids of the channel that are known to be fully processed. */
export async function getCoverage(db: Queryable, channelId: string): Promise<IdRange[]> {
  const rows = await db.query<{ scanned: string }>(sql`
    select scanned::text as scanned from covered_ids where channel_id = ${channelId}`);
  return parseMultirange(rows[0]?.scanned ?? '{}');
}

/** Makes sure that those of the channels that are here have a row of coverage, which pages then lock and extend. */
export async function ensureCoverage(db: Queryable, ...channelIds: readonly string[]): Promise<void> {
  await db.query(sql`
    insert into scan_coverage (channel_id)
    select c.channel_id from bot_channels c
    where c.channel_id = any(${channelIds}::text[])
      and not exists (select from scan_coverage known where known.channel_id = c.channel_id)
    order by c.channel_id
    for key share of c -- one that is being deleted at this moment is waited for, and passed over
    on conflict (channel_id) do nothing`);
}

/**
 * SQL: behind which id a catch-up run was to read that ended for a cause which can pass, where what it was to read is
 * not in `known`; null: there is none. For statements that name `covered_ids` coverage.
 */
export function preventedAfter(known: Sql): Sql {
  return sql`(
    select min(asked.after_id)
    from bot_channel_scan_runs run
    join scan_run_walks walk on walk.run_id = run.id
    cross join lateral (
      -- bounds of runs that are not ours need not be numbers
      select
        case walk.requested_by when 'catch_up' then run.after_message_id::bigint end as after_id,
        case walk.requested_by when 'catch_up' then run.before_message_id::bigint end as before_id
    ) asked
    where run.channel_id = coverage.channel_id and run.status in ('failed', 'canceled')
      and walk.reason = any(${passingReasons}::text[])
      and not ${known} @> int8range(
        asked.after_id, greatest(asked.after_id, least(asked.before_id, upper(${known}))), '()'
      )
  )`;
}

/** A stretch of a channel that was missed; ids are exclusive bounds, as a run takes them. */
export type MissedStretch = { channelId: string; afterMessageId: string; beforeMessageId: string | null };

/**
 * Channels of which missed stretches are looked for. `abandonedRunId`: a run there that somebody has ended. What it was
 * still to read was not missed: they did not want it.
 */
export type MissedScope = { guildId: string } | { channelIds: readonly string[]; abandonedRunId?: string };

/**
 * What a restart or an outage left uncovered in channels that had been read before: the hole below the stretch of the
 * running session, or else everything above the coverage where Discord told of a newer message; in a channel that was
 * read to its start, every hole, as one may have come while a run was in the way. Single messages on top
 * of the coverage are those of a stretch that was never settled; what lies between them is missed as well. So is what
 * an earlier catch-up was kept from reading, whatever was covered above it since.
 * Channels with an unfinished run are left out; the run's end asks again. Costs no request.
 */
export async function findMissedStretches(db: Queryable, scope: MissedScope): Promise<MissedStretch[]> {
  const { guildId, channelIds, abandonedRunId } = scopeColumns(scope);
  const rows = await db.query<{ channel_id: string; after_id: string; before_id: string | null }>(sql`
    select rules.channel_id, least(below.solid_top - 1, prevented.after_id)::text as after_id, missed.before_id::text as before_id
    from channel_rules rules
    join covered_ids coverage on coverage.channel_id = rules.channel_id
    left join channel_access access on access.channel_id = rules.channel_id
    left join live_coverage live on live.channel_id = rules.channel_id
    cross join lateral (
      select coverage.scanned + ${abandonedIds(abandonedRunId)} as ids, coverage.scanned @> 1::bigint as has_start
    ) known
    cross join lateral (
      select
        max(least(upper(r), live.first_message_id)) as top,
        case
          when known.has_start then min(least(upper(r), live.first_message_id)) -- every hole above was missed
          else coalesce(max(upper(r)) filter (where upper(r) - lower(r) > 1), min(upper(r)))
        end as solid_top
      from unnest(known.ids) r
      where live.channel_id is null or upper(r) <= live.first_message_id
        or known.has_start and lower(r) < live.first_message_id -- it has grown together with the live stretch
    ) below
    cross join lateral (
      select
        case
          when live.channel_id is not null then live.first_message_id
          when access.newest_message_id >= below.top then null
          else below.top - 1
        end as before_id,
        case
          when live.channel_id is not null then not known.ids @> live.first_message_id - 1
          else access.newest_message_id >= below.top
        end or below.top > below.solid_top as is_missed
    ) missed
    cross join lateral (select ${preventedAfter(sql`known.ids`)} as after_id) prevented
    where rules.is_reading and rules.is_open
      and (${guildId}::text is null or rules.guild_id = ${guildId})
      and (${channelIds}::text[] is null or rules.channel_id = any(${channelIds}::text[]))
      and (below.top is not null and missed.is_missed or prevented.after_id is not null)
      and not exists (
        select from bot_channel_scan_runs r
        where r.channel_id = rules.channel_id and r.status in ('queued', 'running')
      )
    order by rules.channel_id`);
  return rows.map((row) => ({
    channelId: row.channel_id,
    afterMessageId: row.after_id,
    beforeMessageId: row.before_id,
  }));
}

/** A walk goes down, so what it leaves lies below where it has come, or is all that there was when it had not begun. */
function abandonedIds(runId: string | null): Sql {
  return sql`coalesce(
    (
      select int8multirange(int8range(asked.low, greatest(asked.low, asked.high), '()'))
      from bot_channel_scan_runs run
      join scan_run_walks walk on walk.run_id = run.id
      cross join lateral (
        select
          coalesce(run.after_message_id::bigint, 0) as low,
          coalesce(
            walk.oldest_message_id,
            run.before_message_id::bigint,
            live.first_message_id,
            greatest(access.newest_message_id + 1, upper(coverage.scanned))
          ) as high
      ) asked
      where run.id = ${runId}::uuid and run.channel_id = coverage.channel_id
    ),
    '{}'
  )`;
}

/**
 * Locks the channels; of a whole guild, those that have an unfinished run. To be called before `findMissedStretches`, in
 * a statement of its own: of two transactions, one that ends a run and one that leaves a hole, the later then sees what
 * the other did.
 */
export async function lockMissedScope(tx: Transaction, scope: MissedScope): Promise<void> {
  const { guildId, channelIds } = scopeColumns(scope);
  await tx.query(sql`
    select from bot_channels c
    where (${guildId}::text is null or c.guild_id = ${guildId})
      and (${channelIds}::text[] is null or c.channel_id = any(${channelIds}::text[]))
      and (${channelIds}::text[] is not null or exists (
        select from bot_channel_scan_runs r where r.channel_id = c.channel_id and r.status in ('queued', 'running')
      ))
    order by c.channel_id -- one order of locks for all writers
    for no key update of c`);
}

function scopeColumns(scope: MissedScope) {
  return {
    guildId: 'guildId' in scope ? scope.guildId : null,
    channelIds: 'channelIds' in scope ? scope.channelIds : null,
    abandonedRunId: 'channelIds' in scope ? (scope.abandonedRunId ?? null) : null,
  };
}
