import { z } from 'zod';
import { id } from './answer-parts.ts';

export const setupChannel = z
  .object({
    id,
    name: z.string().nullable(),
    type: z.string().nullable(),
    parentId: id.nullable().meta({ description: 'Its category, where the viewer sees that.' }),
    isNsfw: z.boolean(),
    isReading: z.boolean(),
    isProposed: z.boolean().meta({
      description: 'A text, announcement or forum channel that every member sees, and that the bot can read.',
    }),
    missing: z.enum(['view_channel', 'read_message_history', 'connect']).nullable().meta({
      description: 'What the bot lacks to read it; null: nothing.',
    }),
  })
  .meta({ id: 'SetupChannel' });
export type SetupChannel = z.infer<typeof setupChannel>;

export const guildSetup = z
  .object({
    isSetUp: z.boolean().meta({ description: 'Somebody has chosen channels. Until then nothing is read.' }),
    channels: z
      .array(setupChannel)
      .meta({ description: "In Discord's order; categories and threads left out." }),
  })
  .meta({ id: 'GuildSetup', description: 'The first set-up of a guild: which channels are read.' });
export type GuildSetup = z.infer<typeof guildSetup>;
