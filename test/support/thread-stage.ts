import { sql } from '../../src/db/database.ts';
import { createDiscordRest } from '../../src/discord/rest.ts';
import { scanThreadsOf, scanThreadsOfGuild } from '../../src/jobs/enqueue-thread-lists.ts';
import { type JobPayloads, threadsJobKey } from '../../src/jobs/jobs.ts';
import { switchReading } from '../../src/jobs/switch-reading.ts';
import { createLogger } from '../../src/lib/log.ts';
import { type ListThreadsTools, listThreads } from '../../src/scan/list-threads.ts';
import { threadListJobs } from '../../src/scan/thread-list-jobs.ts';
import { AccessVerifier } from '../../src/scan/verify-access.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase } from './database.ts';
import { type RunningProgram, startProgram, startTestSandbox } from './program.ts';
import { waitFor } from './wait-for.ts';

/** Of what is asked of Discord, how often each: routes with `threads` in them, and single channels. */
type ThreadRequests = { active: number; public: number; private: number; joined: number; channels: number };

const log = createLogger('fatal');

/**
 * A sandbox with one guild, and a database that a gateway has told of it. No worker runs: a test lists threads when it
 * wants, and finds the runs that were queued for them.
 */
export async function openThreadStage() {
  const database = await createTestDatabase();
  const { db } = database;
  const sandbox = await startTestSandbox(smallWorld());
  const life = new AbortController();
  const rest = createDiscordRest({
    apiUrl: sandbox.apiUrl,
    token: sandbox.token,
    log,
    signal: life.signal,
    limits: { requestsPerSecond: 10_000 },
  });
  const verifier = new AccessVerifier({ rest, db, apiUrl: sandbox.apiUrl });
  const tools: ListThreadsTools = { db, rest, verifier, log };
  const programs = new Set<RunningProgram>();

  async function startGateway(): Promise<RunningProgram> {
    const program = await startProgram(database.url, sandbox, { ROLES: 'gateway' });
    programs.add(program);
    return program;
  }
  const first = await startGateway();
  await waitFor(
    async () => (await db.query(sql`select from bot_channels where channel_id = ${ids.general}`)).length > 0,
  );

  return {
    db,
    url: database.url,
    sandbox,
    control: sandbox.control,

    async stopGateway(program = first): Promise<void> {
      programs.delete(program);
      await program.stop();
    },

    /** A gateway that knows of no session, as after an absence; resolves when it was told of the guild. */
    async startNewSession(): Promise<RunningProgram> {
      const [before] = await db.query<{ at: Date }>(sql`select last_seen_at as at from bot_guilds`);
      await db.query(sql`delete from gateway_sessions`);
      const program = await startGateway();
      await waitFor(async () => {
        const [guild] = await db.query<{ at: Date }>(sql`select last_seen_at as at from bot_guilds`);
        return (guild?.at ?? 0) > (before?.at ?? 0);
      });
      return program;
    },

    /** Lists what is due, as the job does that events and the clock queue. */
    list: (signal: AbortSignal = life.signal) =>
      listThreads({ guildId: ids.guild, requestedBy: 'auto' }, tools, signal),

    /** What the clock brings once a day: then what is due is listed. */
    async listUnseen(): Promise<void> {
      await threadListJobs(tools).list_unseen_threads();
      await listThreads({ guildId: ids.guild, requestedBy: 'auto' }, tools, life.signal);
    },

    /** Works the job that waits, or a new one, while nothing answers at Discord's address; answers how long it waits then. */
    async listUnanswered(): Promise<number | undefined> {
      const apiUrl = 'http://127.0.0.1:1/api'; // nobody listens there
      const deaf = createDiscordRest({
        ...{ apiUrl, token: sandbox.token, log, signal: life.signal },
        limits: { faultAttempts: 1 },
      });
      const request: JobPayloads['list_threads'] = { guildId: ids.guild, requestedBy: 'auto' };
      const waiting = () =>
        db.query<{ payload: JobPayloads['list_threads']; secs: number }>(sql`
          select payload, extract(epoch from run_at - updated_at)::float8 as secs
          from graphile_worker._private_jobs where key = ${threadsJobKey(request)}`);
      const [job] = await waiting();
      const jobs = threadListJobs({
        ...tools,
        rest: deaf,
        verifier: new AccessVerifier({ rest: deaf, db, apiUrl }),
      });
      await jobs.list_threads(job?.payload ?? request, { signal: life.signal });
      await deaf.close();
      const [next] = await waiting();
      return next && Math.round(next.secs);
    },

    /** As a person does with a command: answers how many scans were queued. */
    switchReading: (channelId: string, isReading: boolean) =>
      db.transaction((tx) => switchReading(tx, ids.guild, [channelId], isReading)),

    /** Lists as the job does that a person's request for a channel queues. */
    async scanChannel(channelId: string) {
      const result = await db.transaction((tx) => scanThreadsOf(tx, channelId));
      if (result.ok)
        await listThreads({ guildId: ids.guild, channelId, requestedBy: 'person' }, tools, life.signal);
      return result;
    },

    async scanGuild(): Promise<void> {
      await db.transaction((tx) => scanThreadsOfGuild(tx, ids.guild));
      await listThreads({ guildId: ids.guild, requestedBy: 'person' }, tools, life.signal);
    },

    async makeArchived(
      channelId: string,
      count: number,
      fields: Record<string, unknown> = {},
    ): Promise<string[]> {
      const made = await sandbox.control('create-archived-threads', {
        channel_id: channelId,
        count,
        ...fields,
      });
      return made.channel_ids as string[];
    },

    async requests(): Promise<ThreadRequests> {
      const requests = await sandbox.requests();
      const of = (route: string) => requests[`GET ${route}`] ?? 0;
      return {
        active: of('/guilds/:guild/threads/active'),
        public: of('/channels/:channel/threads/archived/public'),
        private: of('/channels/:channel/threads/archived/private'),
        joined: of('/channels/:channel/users/@me/threads/archived/private'),
        channels: of('/channels/:channel'),
      };
    },

    async threadsOf(parentId: string) {
      return db.query<{ id: string; isArchived: boolean; isReading: boolean; status: string | null }>(sql`
        select c.channel_id as id, access.archived_at is not null as "isArchived", c.is_reading as "isReading",
          (select run.status from bot_channel_scan_runs run where run.channel_id = c.channel_id limit 1) as status
        from bot_channels c
        join channel_access access on access.channel_id = c.channel_id and access.parent_id = ${parentId}
        order by c.channel_id::numeric`);
    },

    /** Why the lists of a channel are refused, by visibility. */
    async refusalsOf(channelId: string): Promise<Record<string, string | null>> {
      const rows = await db.query<{ visibility: string; refusal: string | null }>(sql`
        select visibility, refusal from thread_lists where channel_id = ${channelId}`);
      return Object.fromEntries(rows.map(({ visibility, refusal }) => [visibility, refusal]));
    },

    countRuns: async () => (await db.query(sql`select from bot_channel_scan_runs`)).length,

    /** As if every run that is queued had been walked to its end. */
    async finishRuns(): Promise<void> {
      await db.query(sql`
        insert into scan_coverage (channel_id, scanned)
        select c.channel_id, int8multirange(int8range(1, coalesce(access.newest_message_id, c.channel_id::bigint) + 1))
        from bot_channels c left join channel_access access on access.channel_id = c.channel_id
        on conflict (channel_id) do update set scanned = excluded.scanned`);
      await db.query(sql`
        update bot_channel_scan_runs set status = 'succeeded', started_at = now(), finished_at = now()
        where status = 'queued'`);
    },

    async [Symbol.asyncDispose](): Promise<void> {
      try {
        for (const program of programs) await program.stop();
        life.abort();
        await rest.close();
        await sandbox.close();
      } finally {
        await database.close();
      }
    },
  };
}

export type ThreadStage = Awaited<ReturnType<typeof openThreadStage>>;
