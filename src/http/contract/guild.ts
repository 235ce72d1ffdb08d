import { z } from 'zod';
import { bigCount, boundedCount, count, id, pageOf } from './answer-parts.ts';

export const readingState = z.enum(['off', 'unread', 'waiting', 'scanning', 'read', 'failed']).meta({
  id: 'ReadingState',
  description:
    'How far the history of a channel is read. off: reading is switched off; unread: only what is posted from now on ' +
    'is read, no scan was made or none was let finish; waiting: a scan is queued; scanning: one runs; read: the ' +
    'newest one succeeded; failed: it failed. Canceled scans do not count.',
});
export type ReadingState = z.infer<typeof readingState>;

export const guild = z
  .object({
    id,
    name: z.string(),
    icon: z.string().nullable().meta({ description: 'Icon hash as Discord tells it.' }),
    canManage: z.boolean().meta({ description: 'The viewer has Manage Guild there, or is its owner.' }),
    channelCount: count.meta({
      description:
        'Channels that hold messages of their own: not categories, forums and media, which hold only channels.',
    }),
    readingCount: count.meta({
      description: 'Of these, the ones that are read: all but those that are off.',
    }),
    messageCount: bigCount.meta({ description: 'Messages processed so far.' }),
    videoCount: boundedCount,
    states: z
      .record(readingState, count)
      .meta({ description: 'How many of channelCount are in each state.' }),
  })
  .meta({ id: 'Guild', description: 'A guild that the bot is in, as far as the viewer sees it.' });
export type Guild = z.infer<typeof guild>;
export const guildPage = pageOf('GuildPage', guild);

export const ownGuild = z
  .object({
    id,
    name: z.string(),
    icon: z.string().nullable(),
    isInstalled: z.boolean().meta({ description: 'The bot is there.' }),
    canManage: z.boolean().meta({ description: 'The viewer may add the bot there, or manage it.' }),
  })
  .meta({ id: 'OwnGuild', description: 'A guild of the viewer, whether or not the bot is there.' });
export type OwnGuild = z.infer<typeof ownGuild>;
export const ownGuildPage = pageOf('OwnGuildPage', ownGuild);
