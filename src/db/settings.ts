import { z } from 'zod';
import { ClipdexError } from '../lib/errors.ts';

/**
 * What a guild, and each of its channels, can be told to do differently. Stored as JSON under these very keys;
 * an absent key inherits: code defaults ← guild ← channel (a thread: ← parent channel ← thread).
 */
export type Settings = {
  /** What a text command begins with. */
  prefix: string;
  /** New channels are read, and their whole history is scanned, without being asked. */
  auto_scan: boolean;
  /** Age-restricted channels are read, scanned and shown. */
  scan_nsfw: boolean;
  /** Extensions of the files that count as video, in lower case and without the dot. */
  video_formats: readonly string[];
  /** Of a guild only: Discord's search index is asked for videos before the history is walked. */
  index_first: boolean;
};

/** A change to some settings; null removes the key, so that it inherits again. */
export type SettingsPatch = { [Key in keyof Settings]?: Settings[Key] | null | undefined };

/** Settings as they are in the database: possibly written by another program, so nothing about them is certain. */
export type StoredSettings = Readonly<Record<string, unknown>>;

export const defaultSettings: Settings = {
  prefix: '!',
  auto_scan: true,
  scan_nsfw: false,
  video_formats: [
    ...['mp4', 'webm', 'mov', 'm4v', 'mkv', 'avi'],
    ...['wmv', 'flv', 'mpg', 'mpeg', '3gp', 'ogv'],
  ],
  index_first: true,
};

export const MAX_VIDEO_FORMATS = 50; // twice the container formats in use; keeps the search filter of one request short
const MAX_SHOWN_LENGTH = 40; // of a wrong key in an error message
const MAX_TOLD_PROBLEMS = 20; // in one error message

const videoFormat = z
  .string()
  .transform((text) => text.trim().toLowerCase().replace(/^\./, ''))
  .pipe(z.string().regex(/^[a-z0-9]{1,10}$/));

/** One rule per key, and what a person is told who breaks it. */
const rules = {
  prefix: {
    schema: z.string().regex(/^[^\s\p{Cc}\p{Cs}]{1,10}$/u),
    allowed: '1 to 10 characters without spaces, such as "!"',
  },
  auto_scan: { schema: z.boolean(), allowed: 'true or false' },
  scan_nsfw: { schema: z.boolean(), allowed: 'true or false' },
  video_formats: {
    schema: z
      .array(videoFormat)
      .min(1)
      .max(MAX_VIDEO_FORMATS)
      .transform((formats) => [...new Set(formats)]),
    allowed: `a list of 1 to ${MAX_VIDEO_FORMATS} file extensions of 1 to 10 letters and digits, such as ["mp4", "webm"]`,
  },
  index_first: { schema: z.boolean(), allowed: 'true or false' },
} satisfies { [Key in keyof Settings]: { schema: z.ZodType<Settings[Key]>; allowed: string } };

export const settingKeys = Object.keys(rules) as (keyof Settings)[];

/** What concerns a guild as a whole: a channel cannot have its own. */
const guildKeys: readonly (keyof Settings)[] = ['index_first'];

const patchSchema = z.strictObject({
  prefix: rules.prefix.schema.nullish(),
  auto_scan: rules.auto_scan.schema.nullish(),
  scan_nsfw: rules.scan_nsfw.schema.nullish(),
  video_formats: rules.video_formats.schema.nullish(),
  index_first: rules.index_first.schema.nullish(),
} satisfies Record<keyof Settings, unknown>);

/** @throws ClipdexError `invalid_settings` that names every wrong key and what is allowed. */
export function parseSettingsPatch(input: unknown): SettingsPatch {
  const parsed = patchSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownKey);
    const key = settingKeys.find((known) => known === issue.path[0]);
    return key === undefined
      ? [notAnObject]
      : [`${key}: allowed is ${rules[key].allowed}, or null to inherit.`];
  });
  const told = [...new Set(problems)].slice(0, MAX_TOLD_PROBLEMS);
  throw new ClipdexError('invalid_settings', told.join(' '));
}

/** As `parseSettingsPatch`, and refuses by name what only a guild can be told. */
export function parseChannelSettingsPatch(input: unknown): SettingsPatch {
  const patch = parseSettingsPatch(input);
  const refused = guildKeys.filter((key) => patch[key] !== undefined);
  if (refused.length === 0) return patch;
  const problems = refused.map((key) => `${key} is a setting of a guild: a channel cannot have its own.`);
  throw new ClipdexError('invalid_settings', problems.join(' '));
}

const notAnObject = `Settings are an object with some of the keys ${settingKeys.join(', ')}.`;

function unknownKey(key: string): string {
  return `${JSON.stringify(key.slice(0, MAX_SHOWN_LENGTH))} is not a setting; known are ${settingKeys.join(', ')}.`;
}

/** The settings that hold, from the general layer to the special one. A stored value that is invalid is passed over. */
export function effectiveSettings(...layers: readonly StoredSettings[]): Settings {
  const pick = <Value>(key: keyof Settings, schema: z.ZodType<Value>, fallback: Value): Value =>
    layers.reduce((value, layer) => {
      const parsed = schema.safeParse(layer[key]);
      return parsed.success ? parsed.data : value;
    }, fallback);
  return {
    prefix: pick('prefix', rules.prefix.schema, defaultSettings.prefix),
    auto_scan: pick('auto_scan', rules.auto_scan.schema, defaultSettings.auto_scan),
    scan_nsfw: pick('scan_nsfw', rules.scan_nsfw.schema, defaultSettings.scan_nsfw),
    video_formats: pick('video_formats', rules.video_formats.schema, defaultSettings.video_formats),
    index_first: pick('index_first', rules.index_first.schema, defaultSettings.index_first),
  };
}

/** A patch as the two parameters of one SQL statement: `(settings || kept) - removed`. */
export function splitSettingsPatch(patch: SettingsPatch): { kept: string; removed: string[] } {
  const entries = Object.entries(patch).filter(([, value]) => value !== undefined);
  return {
    kept: JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== null))),
    removed: entries.filter(([, value]) => value === null).map(([key]) => key),
  };
}
