import { type Queryable, sql } from './database.ts';
import { livingBeacons } from './job-queue.ts';

/** A session is touched each minute while its shard is connected. */
const GATEWAY_ALIVE_SECS = 150;

/** What is counted of the whole instance. Estimates where a count would cost more than it tells. */
export type InstanceCounts = {
  workers: number;
  /** Connected to the gateway, of all processes. */
  gatewayShards: number;
  guilds: number;
  guildsAwaitingSetup: number;
  channelsReading: number;
  messages: number;
  /** As PostgreSQL's statistics have it. */
  videosEstimated: number;
  runsQueued: number;
  runsRunning: number;
  runsParked: number;
  jobsWaiting: number;
  jobsRunning: number;
  sessions: number;
};

export async function readInstanceCounts(db: Queryable): Promise<InstanceCounts> {
  const [counts] = await db.query<InstanceCounts>(sql`
    select
      (select count(*) from (${livingBeacons}) beacons)::int as workers,
      (select count(distinct (api_url, bot_user_id, shard_id)) from gateway_sessions
        where updated_at > now() - make_interval(secs => ${GATEWAY_ALIVE_SECS}))::int as "gatewayShards",
      (select count(*) from bot_guilds g
        where not exists (select from guild_departures d where d.guild_id = g.guild_id))::int as guilds,
      (select count(*) from pending_setups)::int as "guildsAwaitingSetup",
      (select count(*) from bot_channels where is_reading)::int as "channelsReading",
      (select coalesce(sum(message_count), 0) from bot_channels)::double precision as messages,
      (select greatest(reltuples, 0) from pg_class where oid = 'videos'::regclass)::double precision
        as "videosEstimated",
      runs.queued as "runsQueued", runs.running as "runsRunning", runs.parked as "runsParked",
      (select count(*) from graphile_worker.jobs where locked_at is null and attempts < max_attempts)::int
        as "jobsWaiting",
      (select count(*) from graphile_worker.jobs where locked_at is not null)::int as "jobsRunning",
      (select count(*) from sessions where expires_at > now())::int as sessions
    from (
      select
        count(*) filter (where run.status = 'queued')::int as queued,
        count(*) filter (where run.status = 'running')::int as running,
        count(*) filter (where walk.parked_until > now())::int as parked
      from bot_channel_scan_runs run
      left join scan_run_walks walk on walk.run_id = run.id
      where run.status in ('queued', 'running')
    ) runs`);
  if (!counts) throw new RangeError('counts have one row');
  return counts;
}
