import { z } from 'zod';
import { addJob, listJobsByKey, type WaitingJob } from '../db/job-queue.ts';
import { type ScheduledJobName, scheduledJobNames, scheduledJobs } from '../jobs/jobs.ts';
import { nextRunAt } from '../jobs/next-run.ts';
import { queuedJob, type ScheduledJob, scheduledJobPage } from './contract/operator.ts';
import { action } from './door.ts';

const MAX_ERROR_CHARS = 500;

export const listScheduledJobs = action({
  summary: 'What runs by the clock, when, and what became of what was asked for by hand',
  answer: scheduledJobPage,
  async handle({ db, schedules, clock }) {
    const jobs = new Map(
      (await listJobsByKey(db, scheduledJobNames.map(keyByHand))).map((job) => [job.key, job]),
    );
    const items = scheduledJobNames.map((name) => ({
      name,
      cron: schedules[name],
      does: scheduledJobs[name],
      nextAt: nextRunAt(schedules[name], clock.now())?.toISOString() ?? null,
      byHand: toByHand(jobs.get(keyByHand(name))),
    }));
    return { items, next: null };
  },
});

export const runScheduledJob = action({
  summary: 'Runs a scheduled job now: it is queued for a worker',
  path: { name: z.enum(scheduledJobNames, `one of ${scheduledJobNames.join(', ')}`) },
  answer: queuedJob,
  status: 202,
  async handle({ db }, { path }) {
    await addJob(db, { task: path.name, payload: {}, key: keyByHand(path.name) });
    return { name: path.name };
  },
});

function keyByHand(name: ScheduledJobName): string {
  return `by hand: ${name}`;
}

function toByHand(job: WaitingJob | undefined): ScheduledJob['byHand'] {
  if (!job) return null;
  const error = job.lastError?.slice(0, MAX_ERROR_CHARS) ?? null;
  if (job.isRunning) return { state: 'running', error };
  if (job.isOver) return { state: 'failed', error };
  return { state: error === null ? 'waiting' : 'failing', error };
}
