import { ClipdexError } from '../lib/errors.ts';
import { empty, type Queryable, type Sql, sql } from './database.ts';
import { followsInTime, type RunPlace } from './run-place.ts';
import type { ScanStatus } from './scan-run-states.ts';
import { asRunId } from './scan-runs.ts';
import { isVisibleGuild, type Sight } from './sight.ts';

/** One pass over Discord's search index of a guild: what it found, how far it came, how it ended. */
export type IndexPass = {
  id: string;
  guildId: string;
  guildName: string;
  status: ScanStatus;
  requestedBy: IndexPassRequester;
  /** Which of its searches is under way, and below which message (exclusive) its next page begins. */
  search: string;
  nextMaxId: string | null;
  /** Pages of the search in a row that told of no video. */
  barrenPages: number;
  /** For how long Discord has had no page for us; 0 when the last one came. */
  waitedSecs: number;
  pages: bigint;
  /** Messages with videos, and their videos, that nothing had told of before. */
  messagesFound: bigint;
  videosFound: bigint;
  reason: string | null;
  errorMessage: string | null;
  parkedUntil: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

export type IndexPassRequester = 'person' | 'auto';

type Counter = 'pages' | 'messagesFound' | 'videosFound';
export type IndexPassRow = Omit<IndexPass, Counter> & Record<Counter, string>;

/** For statements that name their parts `pass` and `guild`. */
export const indexPassColumns = sql`
  pass.id, pass.guild_id as "guildId", guild.name as "guildName", pass.status, pass.requested_by as "requestedBy",
  pass.search, pass.next_max_id as "nextMaxId", pass.barren_pages as "barrenPages",
  coalesce(extract(epoch from clock_timestamp() - pass.waiting_since), 0)::double precision as "waitedSecs",
  pass.pages, pass.messages_found as "messagesFound", pass.videos_found as "videosFound", pass.reason,
  pass.error_message as "errorMessage", pass.parked_until as "parkedUntil", pass.created_at as "createdAt",
  pass.started_at as "startedAt", pass.finished_at as "finishedAt"`;

export function toIndexPass(row: IndexPassRow): IndexPass {
  return {
    ...row,
    pages: BigInt(row.pages),
    messagesFound: BigInt(row.messagesFound),
    videosFound: BigInt(row.videosFound),
  };
}

export async function getIndexPass(db: Queryable, passId: string): Promise<IndexPass | null> {
  const rows = await db.query<IndexPassRow>(sql`
    select ${indexPassColumns}
    from index_passes pass join bot_guilds guild on guild.guild_id = pass.guild_id
    where pass.id = ${asRunId(passId)}`);
  return rows[0] ? toIndexPass(rows[0]) : null;
}

/** What a pass counts is of all channels together, also of those that a viewer does not see: then it is not told. */
export type ShownIndexPass = Omit<IndexPass, Counter> & Record<Counter, bigint | null>;

/** `after`: only what follows this place. */
export type IndexPassFilter = { guildId: string; after?: RunPlace | undefined; limit: number };

export const placeOfPass = ({ createdAt, id }: ShownIndexPass): RunPlace => ({ group: 0, createdAt, id });

/** The passes of a guild, the newest first. */
export async function listIndexPasses(
  db: Queryable,
  sight: 'everything',
  filter: IndexPassFilter,
): Promise<IndexPass[]>;
export async function listIndexPasses(
  db: Queryable,
  sight: Sight,
  filter: IndexPassFilter,
): Promise<ShownIndexPass[]>;
export async function listIndexPasses(
  db: Queryable,
  sight: Sight,
  { guildId, after, limit }: IndexPassFilter,
): Promise<ShownIndexPass[]> {
  const rows = await db.query<IndexPassRow>(sql`
    select ${indexPassColumns}
    from index_passes pass join bot_guilds guild on guild.guild_id = pass.guild_id
    where pass.guild_id = ${guildId} and ${isVisibleGuild(sight, sql`pass.guild_id`)}
      ${after === undefined ? empty : sql`and ${followsInTime(after, sql`index_passes`, sql`pass`)}`}
    order by pass.created_at desc, pass.id
    limit ${limit}`);
  const passes = rows.map(toIndexPass);
  if (sight === 'everything') return passes;
  return passes.map((pass) => ({ ...pass, pages: null, messagesFound: null, videosFound: null }));
}

export type IndexPassRequest = { guildId: string; requestedBy: IndexPassRequester };

export type IndexPassRefusal = 'guild_unknown' | 'nothing_to_read';

export type IndexPassResult =
  | { ok: true; pass: IndexPass }
  | { ok: false; reason: IndexPassRefusal }
  | { ok: false; reason: 'pass_unfinished'; passId: string };

/** Times that the pass in the way may end between our look at it and our next try. */
const MAX_ATTEMPTS = 5;

/** Queues a pass, or says why not. At most one pass of a guild is unfinished: the database's own index decides. */
export async function enqueueIndexPassRow(
  db: Queryable,
  request: IndexPassRequest,
): Promise<IndexPassResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const [answer] = await db.query<InsertAnswer>(insertPass(request));
    if (!answer) return { ok: false, reason: 'guild_unknown' };
    const { refusal, ...row } = answer;
    if (refusal !== null) return { ok: false, reason: refusal };
    if (row.id !== null) return { ok: true, pass: toIndexPass(row) };
    const passId = await findUnfinishedPass(db, request.guildId);
    if (passId !== null) return { ok: false, reason: 'pass_unfinished', passId };
  }
  throw new ClipdexError(
    'index_pass_contended',
    `Index passes of guild ${request.guildId} begin and end faster than one more can be queued. Try again.`,
  );
}

type InsertAnswer = (IndexPassRow & { refusal: null }) | { id: null; refusal: IndexPassRefusal | null };

function insertPass({ guildId, requestedBy }: IndexPassRequest): Sql {
  return sql`
    with guild as (
      select
        g.guild_id, g.name,
        case
          when exists (select from guild_departures d where d.guild_id = g.guild_id) then 'guild_unknown'
          when not exists (
            select from channel_rules rules where rules.guild_id = g.guild_id and rules.is_reading and rules.is_open
          ) then 'nothing_to_read'
        end as refusal
      from bot_guilds g
      where g.guild_id = ${guildId}
      for key share of g
    ),
    pass as (
      insert into index_passes (guild_id, requested_by)
      select guild_id, ${requestedBy} from guild where refusal is null
      on conflict (guild_id) where status in ('queued', 'running') do nothing
      returning *
    )
    select guild.refusal, ${indexPassColumns} from guild left join pass on true`;
}

async function findUnfinishedPass(db: Queryable, guildId: string): Promise<string | null> {
  const rows = await db.query<{ id: string }>(sql`
    select id from index_passes where guild_id = ${guildId} and status in ('queued', 'running')`);
  return rows[0]?.id ?? null;
}

/**
 * Whether a pass over the guild is worth its requests: `index_first` is not off, and a channel that is read was never
 * scanned to its end. `first`: and no pass was made, or the last ones could not reach the index.
 */
export async function needsIndexPass(
  db: Queryable,
  guildId: string,
  which: 'first' | 'any',
): Promise<boolean> {
  const rows = await db.query(sql`
    select from bot_guilds guild
    left join guild_settings settings on settings.guild_id = guild.guild_id
    where guild.guild_id = ${guildId}
      and coalesce(settings.settings -> 'index_first' <> 'false', true)
      and (${which}::text = 'any' or not exists (
        select from index_passes pass
        where pass.guild_id = guild.guild_id
          and (coalesce(pass.reason, '') <> all(${passingReasons}::text[])
            or pass.reason = 'index_unavailable'
              and pass.finished_at > now() - make_interval(secs => ${UNAVAILABLE_PAUSE_SECS}))
      ))
      and exists (
        select from channel_rules rules
        where rules.guild_id = guild.guild_id and rules.is_reading and rules.is_open
          and not exists (
            select from bot_channel_scan_runs run
            where run.channel_id = rules.channel_id and run.status = 'succeeded'
          )
      )`);
  return rows.length > 0;
}

const UNAVAILABLE_PAUSE_SECS = 3600; // an index that was not built in ten minutes is not asked for at each event

/** Ends of a pass whose cause can pass by itself. */
const passingReasons = ['index_unavailable', 'missing_access', 'no_content_intent', 'nothing_to_read'];

/** Unfinished passes that no job stands for (its attempts were used up, or it was removed), oldest first. */
export async function findPassesWithoutJob(
  db: Queryable,
  limit: number,
): Promise<Pick<IndexPass, 'id' | 'requestedBy'>[]> {
  return db.query<Pick<IndexPass, 'id' | 'requestedBy'>>(sql`
    select pass.id, pass.requested_by as "requestedBy" from index_passes pass
    where pass.status in ('queued', 'running')
      and not exists (
        select from graphile_worker.jobs
        where jobs.key = 'index_guild:' || pass.id and jobs.attempts < jobs.max_attempts
      )
    order by pass.created_at
    limit ${limit}`);
}
