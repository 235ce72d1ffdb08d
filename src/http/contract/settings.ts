import { z } from 'zod';

export const settings = z
  .object({
    prefix: z.string().meta({ description: 'What a text command begins with.' }),
    auto_scan: z.boolean().meta({
      description: 'New channels are read, and their whole history is scanned, without being asked.',
    }),
    scan_nsfw: z.boolean().meta({ description: 'Age-restricted channels are read, scanned and shown.' }),
    video_formats: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Extensions of the files that count as video.' }),
    index_first: z.boolean().meta({
      description:
        "Of a guild only: Discord's search index is asked for videos before the history is walked.",
    }),
  })
  .meta({ id: 'Settings', description: 'The keys are those that are stored.' });

export const settingsView = z
  .object({
    effective: settings.meta({ description: 'What holds.' }),
    own: z.record(z.string(), z.unknown()).meta({
      description:
        'What is set there itself; all else is inherited. Unknown keys are those of other programs.',
    }),
  })
  .meta({ id: 'SettingsView', description: 'The settings of a guild or of a channel.' });
export type SettingsView = z.infer<typeof settingsView>;

export const settingsPatch = z.record(z.string(), z.unknown()).meta({
  description:
    'Some of the keys of Settings; null lets a key inherit again. Unknown keys are refused by name.',
});
