import type { Context } from 'hono';
import { findRun, listRuns, type RunOverview } from '../db/runs-list.ts';
import type { Page, Run } from './contract.ts';
import { flag, pageSize, readPath, readQuery, runId, runStatus, snowflake } from './parameters.ts';
import { notFound } from './problem.ts';
import { runProgress } from './run-progress.ts';
import type { Services } from './services.ts';

export function getRuns({ db }: Services) {
  return async (c: Context) => {
    const query = readQuery(c, {
      guild_id: snowflake.optional(),
      status: runStatus.optional(),
      newest: flag.optional(),
      limit: pageSize,
    });
    const runs = await listRuns(db, {
      guildId: query.guild_id,
      status: query.status,
      isNewest: query.newest,
      limit: query.limit,
    });
    return c.json({ items: runs.map(toRun), next: null } satisfies Page<Run>);
  };
}

export function getRun({ db }: Services) {
  return async (c: Context) => {
    const { id } = readPath(c, { id: runId });
    const run = await findRun(db, id);
    if (run === null) throw notFound(`There is no run ${id} here.`);
    return c.json(toRun(run));
  };
}

export function toRun(row: RunOverview): Run {
  return {
    id: row.id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    guildId: row.guild_id,
    status: row.status,
    afterMessageId: row.after_message_id,
    beforeMessageId: row.before_message_id,
    messagesScanned: row.messages_scanned,
    messagesMatched: row.messages_matched,
    videosFound: row.videos_found,
    reachedAt: row.reached_at?.toISOString() ?? null,
    progress: runProgress(row),
    requestedBy: row.requested_by,
    errorMessage: row.error_message,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
