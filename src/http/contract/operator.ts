import { z } from 'zod';
import { count, pageOf, time } from './answer-parts.ts';

export const scheduledJob = z
  .object({
    name: z.string(),
    cron: z.string().meta({ description: 'Five fields, UTC.' }),
    does: z.string(),
    nextAt: time.nullable().meta({ description: 'null: not within two months.' }),
    byHand: z
      .object({
        state: z.enum(['waiting', 'running', 'failing', 'failed']).meta({
          description: 'failing: it is tried again later; failed: it has failed ten times, and is not.',
        }),
        error: z
          .string()
          .nullable()
          .meta({ description: 'Of the last attempt that failed; there are more.' }),
      })
      .nullable()
      .meta({
        description: 'What became of it since somebody asked for it; null: nobody did, or it is done.',
      }),
  })
  .meta({ id: 'ScheduledJob', description: 'What runs by the clock, on one machine at a time.' });
export type ScheduledJob = z.infer<typeof scheduledJob>;
export const scheduledJobPage = pageOf('ScheduledJobPage', scheduledJob);

export const queuedJob = z.object({ name: z.string() }).meta({ id: 'QueuedJob' });
export type QueuedJob = z.infer<typeof queuedJob>;

export const finding = z
  .object({
    check: z.string(),
    status: z.enum(['ok', 'warn', 'fail']).meta({ description: 'warn: it works, but not all of it.' }),
    message: z.string(),
    action: z.string().nullable().meta({ description: 'What to do; null where there is nothing to do.' }),
  })
  .meta({ id: 'Finding', description: 'What one check found.' });
export type Finding = z.infer<typeof finding>;
export const findingPage = pageOf('FindingPage', finding);

export const keyFigures = z
  .object({
    version: z.string(),
    nodeVersion: z.string(),
    workers: count.meta({ description: 'Processes with the role worker that live.' }),
    gatewayShards: count.meta({ description: 'Connected to the gateway, as of the last minutes.' }),
    guilds: count,
    guildsAwaitingSetup: count,
    channelsReading: count,
    messages: count,
    videosEstimated: count,
    runsQueued: count,
    runsRunning: count,
    runsParked: count.meta({ description: 'Of those that are running: those that wait for Discord.' }),
    jobsWaiting: count,
    jobsRunning: count,
    sessions: count,
  })
  .meta({ id: 'KeyFigures', description: 'Of the whole instance; the versions are those of this process.' });
export type KeyFigures = z.infer<typeof keyFigures>;
