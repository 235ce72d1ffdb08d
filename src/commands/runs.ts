import { listRuns } from '../db/runs-list.ts';
import type { Run } from '../http/contract.ts';
import { toRun } from '../http/runs.ts';
import { formatCount, formatProgress, formatReason, formatTime } from './format.ts';
import { checkScope, type LibraryScope } from './library-scope.ts';
import { type Command, exitCodes } from './run-command.ts';
import { type Column, formatTable } from './table.ts';
import { withDatabase } from './with-database.ts';

export type RunsOptions = LibraryScope & { limit: number };

export function showRuns(options: RunsOptions): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      await checkScope(db, options);
      const filter = { channelId: options.channel, guildId: options.guild, limit: options.limit };
      const runs = (await listRuns(db, filter)).map(toRun);
      context.output.json(runs);
      context.output.line(runs.length === 0 ? 'There are no runs yet.' : formatTable(columns, runs));
      return exitCodes.done;
    });
}

const columns: Column<Run>[] = [
  { title: 'asked at', value: (run) => formatTime(run.createdAt) },
  { title: 'channel', value: (run) => run.channelName ?? '–' },
  { title: 'channel id', value: (run) => run.channelId },
  {
    title: 'asked by',
    value: (run) => ({ person: 'person', catch_up: 'catch-up', auto: 'auto scan' })[run.requestedBy],
  },
  { title: 'status', value: (run) => run.status },
  { title: 'done', value: formatProgress, isNumber: true },
  { title: 'messages', value: (run) => formatCount(run.messagesScanned), isNumber: true },
  { title: 'videos', value: (run) => formatCount(run.videosFound), isNumber: true },
  { title: 'run', value: (run) => run.id },
  { title: 'reason', value: (run) => formatReason(run.errorMessage) },
];
