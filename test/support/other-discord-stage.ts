import { getCoverage } from '../../src/db/coverage.ts';
import { sql } from '../../src/db/database.ts';
import { hasId } from '../../src/lib/ranges.ts';
import { createTestDatabase } from './database.ts';
import { startOtherDiscord } from './other-discord.ts';
import { type RunningProgram, startProgram } from './program.ts';
import { waitFor } from './wait-for.ts';

type StageRun = { channelId: string; status: string; reason: string | null };

/** A database and another Discord for one test, which starts programs between the two. */
export async function openStage() {
  const database = await createTestDatabase();
  const { db } = database;
  const discord = await startOtherDiscord();
  const programs: RunningProgram[] = [];

  /** True when the gateway has nothing to tell that is not committed. */
  async function isTold(): Promise<boolean> {
    const { sessionId, sequence } = discord.gateway.position;
    const rows = await db.query(sql`
      select from gateway_sessions where session_id = ${sessionId} and sequence >= ${sequence}`);
    return rows.length > 0;
  }

  function listRuns(): Promise<StageRun[]> {
    return db.query<StageRun>(sql`
      select run.channel_id as "channelId", run.status, walk.reason
      from bot_channel_scan_runs run
      left join scan_run_walks walk on walk.run_id = run.id
      order by run.created_at, run.id`);
  }

  return {
    db,
    url: database.url,
    discord,
    isTold,
    listRuns,

    async start(env: Record<string, string> = {}): Promise<RunningProgram> {
      const program = await startProgram(database.url, discord, env);
      programs.push(program);
      return program;
    },

    /** Waits until every event is committed, and every run that came of them has ended: a loop never settles. */
    async settled(): Promise<void> {
      await waitFor(async () => {
        const isCommitted = await isTold();
        const runs = await listRuns();
        return isCommitted && runs.every((run) => !['queued', 'running'].includes(run.status));
      });
    },

    /** What is stored of a channel, and which of its messages coverage does not claim. */
    async libraryOf(channelId: string) {
      const [row] = await db.query<{ messageCount: number; videoCount: number }>(sql`
        select message_count::int as "messageCount",
          (select count(*)::int from videos v where v.channel_id = c.channel_id and v.is_video and v.deleted_at is null)
            as "videoCount"
        from bot_channels c where channel_id = ${channelId}`);
      const covered = await getCoverage(db, channelId);
      const ids = discord.messagesOf(channelId).map((message) => message.id);
      return { ...row, uncoveredIds: ids.filter((id) => !hasId(covered, BigInt(id))) };
    },

    /** Fails when a program has left a connection open, to Discord or to the database. */
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        for (const program of programs) await program.stop();
        await discord.close();
      } finally {
        await database.close();
      }
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;
