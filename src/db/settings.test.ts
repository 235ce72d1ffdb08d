import { describe, expect, test } from 'vitest';
import { ClipdexError } from '../lib/errors.ts';
import {
  defaultSettings,
  effectiveSettings,
  parseChannelSettingsPatch,
  parseSettingsPatch,
  splitSettingsPatch,
} from './settings.ts';

function refusalOf(input: unknown): string {
  try {
    parseSettingsPatch(input);
  } catch (error) {
    if (error instanceof ClipdexError && error.code === 'invalid_settings') return error.message;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(input)}`);
}

describe('a patch', () => {
  test('may hold any of the known keys, and null to inherit again', () => {
    const patch = { prefix: '?', auto_scan: false, scan_nsfw: null, video_formats: ['mp4'] };
    expect(parseSettingsPatch(patch)).toEqual(patch);
    expect(parseSettingsPatch({})).toEqual({});
  });

  test('of a channel may not hold what only a guild can be told', () => {
    expect(parseSettingsPatch({ index_first: false })).toEqual({ index_first: false });
    expect(parseChannelSettingsPatch({ scan_nsfw: true })).toEqual({ scan_nsfw: true });
    for (const index_first of [true, false, null]) {
      expect(() => parseChannelSettingsPatch({ prefix: '?', index_first })).toThrow(
        /^index_first is a setting of/,
      );
    }
  });

  test('has its formats brought into one form', () => {
    const { video_formats } = parseSettingsPatch({ video_formats: ['.MP4', ' webm ', 'mp4', '3GP'] });
    expect(video_formats).toEqual(['mp4', 'webm', '3gp']);
  });

  test.each(['!', '>>', 'clip!', '🎬', 'ten chars!'.replace(' ', '_'), '🎬'.repeat(10), '"\'\\'])(
    'may have the prefix %s',
    (prefix) => expect(parseSettingsPatch({ prefix })).toEqual({ prefix }),
  );

  test.each(['', ' ', 'a b', 'a\n', 'elevenchars', '\0', '\ud800', '\u00a0', 7, ['!'], {}, true])(
    'may not have the prefix %j',
    (prefix) => expect(refusalOf({ prefix })).toMatch(/^prefix: .*1 to 10 characters without spaces/),
  );

  test.each(['true', 0, 1, 'no', [], {}])('may not have %j for a switch', (value) => {
    expect(refusalOf({ auto_scan: value })).toMatch(/^auto_scan: .*true or false/);
    expect(refusalOf({ scan_nsfw: value })).toMatch(/^scan_nsfw: .*true or false/);
  });

  test.each([
    [[]],
    [Array.from({ length: 51 }, (_, index) => `f${index}`)],
    [['m p4']],
    [['..mp4']],
    [['mp4', '']],
    [['mp4', null]],
    [['elevenchars']],
    [['mp4\0']],
    [['müp']],
    ['mp4'],
    [{ 0: 'mp4', length: 1 }],
  ])('may not have the formats %j', (video_formats) =>
    expect(refusalOf({ video_formats })).toMatch(/^video_formats: .*list of 1 to 50 file extensions/),
  );

  test('is refused for a key that is not a setting, by its name and with every other problem', () => {
    const message = refusalOf({ prefx: '!', auto_scan: 'yes', colour: 1 });
    expect(message).toContain('"prefx" is not a setting; known are prefix, auto_scan');
    expect(message).toContain('"colour" is not a setting');
    expect(message).toContain('auto_scan: allowed is true or false');
    expect(refusalOf(JSON.parse('{"__proto__": {"prefix": "?"}}'))).toContain('"__proto__" is not a setting');
    expect(refusalOf({ ['x'.repeat(10_000)]: 1 }).length).toBeLessThan(200);
  });

  test.each([null, undefined, [], 'prefix', 3, [{ prefix: '!' }]])('is not %j', (input) =>
    expect(refusalOf(input)).toContain('Settings are an object with some of the keys prefix'),
  );

  test('becomes what is kept and what is removed', () => {
    expect(splitSettingsPatch({ prefix: '?', scan_nsfw: null, auto_scan: undefined })).toEqual({
      kept: '{"prefix":"?"}',
      removed: ['scan_nsfw'],
    });
  });
});

describe('effective settings', () => {
  test('are the defaults where nothing is stored', () => {
    expect(effectiveSettings()).toEqual(defaultSettings);
    expect(effectiveSettings({}, {})).toEqual(defaultSettings);
  });

  test('take each key from the most special layer that has it', () => {
    const guild = { prefix: '?', auto_scan: false, video_formats: ['mp4', 'webm'], index_first: false };
    const channel = { auto_scan: true, video_formats: ['mov'] };
    expect(effectiveSettings(guild, channel, { prefix: '>' })).toEqual({
      prefix: '>',
      auto_scan: true,
      scan_nsfw: false,
      video_formats: ['mov'],
      index_first: false,
    });
  });

  test('pass over what is stored but invalid, and what is not theirs', () => {
    const guild = { prefix: '?', scan_nsfw: true, theme: 'dark' };
    const channel = { prefix: 'far too long for it', scan_nsfw: 'no', auto_scan: null, video_formats: [] };
    expect(effectiveSettings(guild, channel)).toEqual({ ...defaultSettings, prefix: '?', scan_nsfw: true });
  });

  test('read formats that another program stored in its own form', () => {
    expect(effectiveSettings({ video_formats: ['.MP4'] }).video_formats).toEqual(['mp4']);
  });
});
