import { z } from 'zod';
import { bigCount, id, pageOf, time } from './answer-parts.ts';

export const runStatuses = ['queued', 'running', 'succeeded', 'failed', 'canceled'] as const;
export const runStatus = z
  .enum(runStatuses)
  .meta({ id: 'RunStatus', description: 'The last three are final.' });
export type RunStatus = z.infer<typeof runStatus>;

export const parkedRun = z.object({ reason: z.string(), until: time, message: z.string() }).meta({
  id: 'ParkedRun',
  description: 'reason is a code, message says it in words. The run is tried again at until.',
});
export type ParkedRun = z.infer<typeof parkedRun>;

export const run = z
  .object({
    id: z.uuid(),
    channelId: id,
    channelName: z.string().nullable(),
    guildId: id,
    status: runStatus,
    afterMessageId: id.nullable(),
    beforeMessageId: id.nullable(),
    messagesScanned: bigCount,
    messagesMatched: bigCount,
    videosFound: bigCount,
    indexFound: bigCount.meta({
      description: "Of videosFound, those that Discord's search had told of before.",
    }),
    indexMissed: bigCount.meta({
      description:
        'And those that it had not told of, although it had been asked about that part of the channel.',
    }),
    reachedAt: time.nullable().meta({ description: 'Posting time of the oldest message reached so far.' }),
    progress: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'Of the time that the run was to read; null before the first page.' }),
    messagesPerSecond: z
      .number()
      .nullable()
      .meta({ description: 'While it reads, waits for Discord left out; null before the first page.' }),
    etaSecs: z
      .number()
      .nullable()
      .meta({ description: 'Seconds to its end if it goes on as before; null when that cannot be told.' }),
    requestedBy: z.enum(['person', 'catch_up', 'auto']),
    reason: z.string().nullable().meta({
      description: 'Why it ended, or parked while it waits: a stable code. docs/runs.md lists them.',
    }),
    parked: parkedRun
      .nullable()
      .meta({ description: 'It waits for Discord and goes on by itself; null when it does not wait.' }),
    errorMessage: z
      .string()
      .nullable()
      .meta({ description: "Why it ended early, and what to do: begins with the reason's code." }),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Run', description: 'A scan of a channel, or of a part of it.' });
export type Run = z.infer<typeof run>;
export const runPage = pageOf('RunPage', run);

export const channelScan = z
  .object({
    run: run.nullable().meta({ description: 'Null: the channel holds threads alone.' }),
    isListingThreads: z
      .boolean()
      .meta({ description: 'Its threads are being listed; each that has news gets a run.' }),
  })
  .meta({ id: 'ChannelScan', description: 'What a scan of a channel began with.' });
export type ChannelScan = z.infer<typeof channelScan>;

export const guildScan = z.object({ runIds: z.array(z.uuid()) }).meta({
  id: 'GuildScan',
  description: 'The runs that were queued; threads that are being listed get theirs later.',
});
export type GuildScan = z.infer<typeof guildScan>;

export const indexPass = z
  .object({
    id: z.uuid(),
    guildId: id,
    guildName: z.string(),
    status: runStatus,
    requestedBy: z.enum(['person', 'auto']),
    pages: bigCount.nullable().meta({ description: 'Null for who does not see the whole guild.' }),
    messagesFound: bigCount.nullable().meta({
      description:
        'Messages with videos that nothing had told of before; null for who does not see the whole guild.',
    }),
    videosFound: bigCount.nullable(),
    reason: z.string().nullable().meta({ description: 'Why it ended: a stable code.' }),
    errorMessage: z.string().nullable(),
    parkedUntil: time
      .nullable()
      .meta({ description: 'It waits for Discord until then, and goes on by itself.' }),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({
    id: 'IndexPass',
    description: "One pass over Discord's search index of a guild: quick, and proof of nothing.",
  });
export type IndexPass = z.infer<typeof indexPass>;
export const indexPassPage = pageOf('IndexPassPage', indexPass);
