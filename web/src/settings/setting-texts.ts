import type { SettingsView } from '../../../src/http/contract.ts';

type Key = keyof SettingsView['effective'];
export type TypedKey = 'video_formats' | 'prefix';

/** What a setting that is typed may be, for whoever typed something else. */
export const typedSettings: Record<TypedKey, string> = {
  video_formats: 'Allowed are 1 to 50 extensions of up to 10 letters and digits, such as: mp4, webm.',
  prefix: 'Allowed are 1 to 10 characters without spaces, such as: !',
};

/** What each setting is called on pages, and what it does. */
export const settingTexts: Record<Key, { label: string; hint: string }> = {
  auto_scan: {
    label: 'New channels',
    hint: 'Channels and threads that are made later are read without being asked, their whole history included.',
  },
  scan_nsfw: {
    label: 'Age-restricted channels',
    hint: 'They are read, and shown to whoever sees them on Discord. Their videos are blurred until a viewer chooses otherwise. Off: they are neither read nor shown.',
  },
  index_first: {
    label: 'Ask Discord’s search first',
    hint: 'Most videos are found within minutes. The history is read all the same, and confirms them.',
  },
  video_formats: {
    label: 'Video formats',
    hint: 'Extensions of the files that count as videos, with commas between them.',
  },
  prefix: {
    label: 'Prefix of commands',
    hint: 'What a command in a channel begins with. There are no such commands yet.',
  },
};
