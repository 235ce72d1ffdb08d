import { z } from 'zod';
import { bigCount, boundedCount, count, id, pageOf, time } from './answer-parts.ts';
import { readingState } from './guild.ts';

export const channel = z
  .object({
    id,
    guildId: id,
    parentId: id.nullable(),
    name: z.string().nullable(),
    type: z.string().nullable().meta({
      description:
        'text, voice, category, announcement, public_thread, private_thread, stage, forum, media, …',
    }),
    isNsfw: z.boolean().meta({ description: 'Age-restricted, by itself or by its parent.' }),
    isReading: z.boolean(),
    messageCount: bigCount,
    videoCount: boundedCount.meta({
      description: 'Of a forum or media channel: in its threads, which are its posts.',
    }),
    threadCount: count,
    state: readingState
      .nullable()
      .meta({ description: 'Null for what holds no messages of its own: categories, forums and media.' }),
    lastScannedAt: time.nullable(),
    lastActivityAt: time.nullable(),
  })
  .meta({ id: 'Channel', description: 'A channel or thread.' });
export type Channel = z.infer<typeof channel>;
export const channelPage = pageOf('ChannelPage', channel);

export const readingSwitch = z
  .object({
    switchedIds: z.array(id).meta({ description: 'Channels and threads whose switch has changed.' }),
    canceledCount: count.meta({ description: 'Runs and index passes that ended by it.' }),
    queuedCount: count.meta({ description: 'Runs for what could not be read before.' }),
  })
  .meta({ id: 'ReadingSwitch', description: 'What a change of reading has done.' });
export type ReadingSwitch = z.infer<typeof readingSwitch>;

export const coverageHole = z
  .object({
    from: time.nullable(),
    to: time,
    afterMessageId: id.nullable(),
    beforeMessageId: id,
  })
  .meta({
    id: 'CoverageHole',
    description:
      "A part that is not read. Ids are exclusive bounds, as a scan takes them; null: the channel's beginning.",
  });
export type CoverageHole = z.infer<typeof coverageHole>;

export const coverageYear = z
  .object({ year: z.int().nullable(), messageCount: bigCount, videoCount: count })
  .meta({
    id: 'CoverageYear',
    description:
      'Of messages posted in that year (UTC); null: those that were read before years were counted.',
  });
export type CoverageYear = z.infer<typeof coverageYear>;

export const channelCoverage = z
  .object({
    channelId: id,
    channelName: z.string().nullable(),
    guildId: id,
    guildName: z.string(),
    threadOf: id
      .nullable()
      .meta({ description: 'The channel that a thread hangs on; null: it is no thread.' }),
    isReading: z.boolean(),
    isFollowed: z.boolean().meta({ description: 'New messages are read as they are posted.' }),
    state: z.enum(['complete', 'partial', 'unread']),
    coveredTo: time.nullable().meta({ description: 'Null: no message is known.' }),
    gapFreeSince: time.nullable().meta({
      description:
        'From when on no message up to coveredTo is missing; null: from the beginning, or (unread) not at all.',
    }),
    holeCount: count,
    messageCount: bigCount,
  })
  .meta({
    id: 'ChannelCoverage',
    description:
      "What of a channel's history is read, without a gap. complete: every message from the channel's beginning up to " +
      'coveredTo, the newest one that Discord has told of, was processed; unread: nothing is covered. What of it was ' +
      'deleted since is counted still.',
  });
export type ChannelCoverage = z.infer<typeof channelCoverage>;

export const coverage = channelCoverage
  .extend({
    holes: z.array(coverageHole).meta({ description: 'Newest first; holeCount says whether these are all.' }),
    years: z.array(coverageYear),
    skippedFiles: z
      .record(z.string(), count)
      .meta({ description: 'How many files Discord described too badly to be kept, by the reason.' }),
  })
  .meta({ id: 'Coverage', description: "A channel's coverage with its holes and years." });
export type Coverage = z.infer<typeof coverage>;
