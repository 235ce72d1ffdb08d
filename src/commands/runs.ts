import { listRuns } from '../db/list-scan-runs.ts';
import type { ScanStatus } from '../db/scan-run-states.ts';
import type { Run } from '../http/contract.ts';
import { toRun } from '../http/runs.ts';
import { formatCount, formatEta, formatParked, formatProgress, formatReason, formatTime } from './format.ts';
import { checkScope, type LibraryScope } from './library-scope.ts';
import { type Command, exitCodes } from './run-command.ts';
import { type Column, formatTable } from './table.ts';
import { withDatabase } from './with-database.ts';

export type RunsOptions = LibraryScope & { limit: number; status?: ScanStatus };

export function showRuns(options: RunsOptions): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      await checkScope(db, options);
      const { channel: channelId, guild: guildId, status, limit } = options;
      const filter = { channelId, guildId, status, limit };
      const runs = (await listRuns(db, 'everything', filter)).map((run) => toRun(run));
      context.output.json(runs);
      context.output.line(runs.length === 0 ? noRuns(options) : formatTable(columns, runs));
      return exitCodes.done;
    });
}

function noRuns({ status }: RunsOptions): string {
  return status === undefined ? 'There are no runs yet.' : `There is no run with the status ${status}.`;
}

const columns: Column<Run>[] = [
  { title: 'asked at', value: (run) => formatTime(run.createdAt) },
  { title: 'channel', value: (run) => run.channelName ?? '–' },
  { title: 'channel id', value: (run) => run.channelId },
  {
    title: 'asked by',
    value: (run) => ({ person: 'person', catch_up: 'catch-up', auto: 'auto scan' })[run.requestedBy],
  },
  { title: 'status', value: (run) => (run.parked ? 'waiting' : run.status) },
  { title: 'done', value: formatProgress, isNumber: true },
  { title: 'left', value: ({ etaSecs }) => (etaSecs === null ? '–' : formatEta(etaSecs)) },
  { title: 'messages', value: (run) => formatCount(run.messagesScanned), isNumber: true },
  { title: 'videos', value: (run) => formatCount(run.videosFound), isNumber: true },
  { title: 'run', value: (run) => run.id },
  { title: 'reason', value: (run) => formatReason(run.parked ? formatParked(run.parked) : run.errorMessage) },
];
