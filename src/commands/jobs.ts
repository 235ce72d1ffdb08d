import type { Database } from '../db/database.ts';
import { housekeepingJobs } from '../jobs/housekeeping.ts';
import {
  type JobHandlers,
  type JobReport,
  type ScheduledJobName,
  scheduledJobNames,
  scheduledJobs,
  schedulesOf,
} from '../jobs/jobs.ts';
import { purgeJobs } from '../jobs/purge-jobs.ts';
import { systemClock } from '../lib/clock.ts';
import { listUnseenThreadsJob } from '../scan/thread-list-jobs.ts';
import { formatCount } from './format.ts';
import { type Command, type CommandContext, exitCodes } from './run-command.ts';
import { formatTable } from './table.ts';
import { withDatabase } from './with-database.ts';

/** `jobs list`: what runs by itself, and when. */
export const listJobs: Command = async ({ config, output }) => {
  const schedules = schedulesOf(config);
  const jobs = scheduledJobNames.map((name) => ({ name, cron: schedules[name], does: scheduledJobs[name] }));
  output.json(jobs);
  output.line(
    formatTable(
      [
        { title: 'JOB', value: (job) => job.name },
        { title: 'CRON (UTC)', value: (job) => job.cron },
        { title: 'WHAT IT DOES', value: (job) => job.does },
      ],
      jobs,
    ),
  );
  return exitCodes.done;
};

/** `jobs run`: does it here and now, whether or not a worker runs. */
export function runJob(name: ScheduledJobName): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      const report = await handlersOf(db, context)[name]({}, { signal: context.signal });
      context.output.json({ job: name, report });
      context.output.line(`${name}: ${reportText(report)}`);
      return context.signal.aborted ? exitCodes.interrupted : exitCodes.done;
    });
}

function handlersOf(db: Database, { config, log }: CommandContext): Pick<JobHandlers, ScheduledJobName> {
  return {
    ...housekeepingJobs({ db, clock: systemClock, log, ...config }),
    ...purgeJobs({ db, log, ...config }),
    list_unseen_threads: listUnseenThreadsJob({ db, log }),
  };
}

function reportText(report: JobReport): string {
  if (report === null) return 'another process is doing it at this moment.';
  return Object.entries(report)
    .map(([what, count]) => `${wordsOf(what)} ${formatCount(count)}`)
    .join(', ');
}

/** `apiTokens` → `api tokens` */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
