import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runClipdex } from './run-clipdex.ts';

const channel = '81384788765712384';

describe('wrong usage ends with 2 and names what is wrong', () => {
  test.concurrent.each<[string, string[], RegExp]>([
    ['no command', [], /Usage: clipdex/],
    ['an unknown command', ['scna'], /unknown command 'scna'[\s\S]*scan/],
    ['an unknown option', ['videos', '--last'], /unknown option '--last'/],
    ['too many words', ['runs', 'all'], /too many arguments/],
    ['nothing to scan', ['scan'], /^Name what to scan: a channel, --guild <id> or --retry <run>/],
    ['two things to scan', ['scan', channel, '--guild', channel], /and only one of them/],
    ['bounds in a guild', ['scan', '--guild', channel, '--after', '5'], /bounds in a channel/],
    ['the index of a channel', ['scan', channel, '--index-only'], /give --guild <id>/],
    ['a run by name', ['runs', 'cancel', 'last'], /^<run> is "last", but must be the id of a run/],
    ['a retry of nothing', ['scan', '--retry', 'it'], /^--retry <run> is "it"/],
    ['no age of runs', ['runs', 'prune'], /required option '--older-than <days>'/],
    ['an age that is none', ['runs', 'prune', '--older-than', 'x'], /whole number of days/],
    ['coverage of nothing', ['coverage'], /^Name either a channel/],
    ['settings of nothing', ['settings'], /^Say whose settings/],
    ['settings of two', ['settings', '--guild', channel, '--channel', channel], /^Say whose settings/],
    ['no setting', ['settings', 'set', 'prefix', '--guild', channel], /write <key>=<value>/],
    ['an unknown key', ['settings', 'unset', 'colour', '--guild', channel], /"colour": no such setting/],
    ['a switch of its own', ['channels', 'read', 'maybe', channel], /^<on\|off> is "maybe"/],
    ['a channel of many', ['channels', 'read', 'on', channel, 'x'], /^<channels...> is "x"/],
    [
      'a channel by name',
      ['scan', 'general'],
      /^\[channel\] is "general", but must be a Discord id: digits only.*\.\n$/,
    ],
    [
      'a channel beyond 64 bits',
      ['scan', '99999999999999999999'],
      /\[channel\] is "9+", but must be a Discord id/,
    ],
    [
      'a malformed bound',
      ['scan', channel, '--after', '12x'],
      /^--after <id> is "12x", but must be a Discord id/,
    ],
    ['a malformed filter', ['videos', '--guild', '-5'], /^--guild <id> is "-5", but must be a Discord id/],
    ['a limit of nothing', ['videos', '--limit', '0'], /^--limit <n> is .*from 1 to 10000/],
    ['a limit that is no number', ['runs', '--limit', 'ten'], /^--limit <n> is .*from 1 to 10000/],
    ['bounds that are equal', ['scan', channel, '--after', '500', '--before', '500'], /--after \(500\)/],
    // As text "999" comes after "1000".
    [
      'bounds the wrong way round',
      ['scan', channel, '--after', '1000', '--before', '999'],
      /--after \(1000\)/,
    ],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await runClipdex(args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test.concurrent.each([
    [['--json']],
    [['--json', 'scna']],
    [['scan', 'general', '--json']],
    [['scan', channel, '--after', '9', '--before', '8', '--json']],
  ])('as JSON: %j', async (args) => {
    const { code, stdout, stderr } = await runClipdex(args);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'wrong_usage', message: expect.stringMatching(/./) },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

test('help and version are answers, not errors', async () => {
  const help = await runClipdex(['--help']);
  expect(help).toEqual({ code: 0, stderr: '', stdout: expect.stringContaining('Examples:') });
  expect(await runClipdex(['--version'])).toEqual({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

describe('a configuration with problems', () => {
  const env = {
    PORT: '99999',
    ROLES: 'chef',
    DISCORD_CLIENT_SECRET: 'hush hush',
    DISCORD_BOT_TOKEN: 'Bot abc.def',
  };

  test('is told in one list, without secrets, and ends with 1', async () => {
    const { code, stdout, stderr } = await runClipdex(['start'], env);
    expect(stderr).toMatch(/^The configuration has 4 problems/);
    expect(stderr).toContain('PORT is "99999"; allowed: a whole number from 0 to 65535');
    expect(stderr).toContain('ROLES is "chef"; allowed: one or more of gateway, worker, web');
    expect(stderr).toContain('DISCORD_BOT_TOKEN is (hidden)');
    expect(stderr).not.toMatch(/hush|abc\.def|\n {4}at /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('is an error object with --json', async () => {
    const { code, stderr } = await runClipdex(['videos', '--json'], env);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'config_invalid', message: expect.stringContaining('4 problems') },
    });
    expect(code).toBe(1);
  });

  test('is a finding of the doctor', async () => {
    const { code, stdout } = await runClipdex(['doctor', '--json'], env);
    expect(JSON.parse(stdout)).toContainEqual({
      check: 'configuration',
      status: 'fail',
      message: expect.stringContaining('4 problems'),
      action: expect.stringMatching(/./),
    });
    expect(code).toBe(1);
  });
});

test('a .env in the data directory completes the environment, which wins', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-env-'));
  try {
    await writeFile(join(dataDir, '.env'), 'PORT=70001\nHOST=nohost\nLOG_LEVEL=loud\n');
    const { stderr } = await runClipdex(['videos'], { DATA_DIR: dataDir, PORT: '70002' });
    expect(stderr).toContain('3 problems');
    expect(stderr).toContain('PORT is "70002"');
    expect(stderr).toContain('HOST is "nohost"');
  } finally {
    await rm(dataDir, { recursive: true });
  }
});
