import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseCrontab } from 'graphile-worker';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Environment, loadConfig, readConfig, variables } from './config.ts';
import { ClipdexError } from './lib/errors.ts';

const TOKEN = 'MTIz.Xy-_z9.aB3_d-f';
const SECRET = 'mfa.Very-Secret_Value with a space';

describe('readConfig', () => {
  test('an empty environment runs everything against the own sandbox', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      dataDir: resolve('data'),
      host: '127.0.0.1',
      port: 3000,
      publicUrl: null,
      trustedProxies: 0,
      discord: null,
      secretKey: null,
      formerSecretKeys: [],
      sessionDays: 30,
      sessionIdleDays: 7,
      operatorIds: [],
      installs: 'open',
      newGuilds: 'present',
      installIntents: { minutes: 10, purgeCron: '*/30 * * * *', purgeGraceSecs: 300 },
      roles: ['gateway', 'worker', 'web'],
      workerConcurrency: 32,
      departedGuildGraceDays: 30,
      runHistoryDays: 365,
      sandbox: { port: 3001, seed: 1, isLive: true },
      logLevel: 'info',
    });
  });

  test('empty variables count as unset, and values are trimmed', () => {
    expect(readConfig({ PORT: '', HOST: '  ', DISCORD_BOT_TOKEN: '', ROLES: ' web ' })).toEqual({
      ...readConfig({}),
      roles: ['web'],
    });
  });

  test('a token alone means Discord', () => {
    expect(readConfig({ DISCORD_BOT_TOKEN: TOKEN }).discord).toEqual({
      botToken: TOKEN,
      clientId: null,
      clientSecret: null,
      apiUrl: 'https://discord.com/api',
      authorizeUrl: 'https://discord.com/oauth2/authorize',
      cdnOrigins: [
        'https://cdn.discordapp.com',
        'https://media.discordapp.net',
        'https://images-ext-1.discordapp.net',
        'https://images-ext-2.discordapp.net',
      ],
    });
  });

  test('nothing in it can be changed', () => {
    const config = readConfig({ DISCORD_BOT_TOKEN: TOKEN });
    for (const part of [
      config,
      config.discord,
      config.discord?.cdnOrigins,
      config.roles,
      config.operatorIds,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    for (const part of [config.sandbox, config.installIntents, config.formerSecretKeys]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test('all problems come in one list, with value and what is allowed', () => {
    const problems = problemsOf({ PORT: '70000', ROLES: 'web,cook', LOG_LEVEL: 'loud', SANDBOX_SEED: '-1' });
    expect(problems).toEqual([
      'PORT is "70000"; allowed: a whole number from 0 to 65535',
      'ROLES is "web,cook"; allowed: one or more of gateway, worker, web, separated by commas',
      'SANDBOX_SEED is "-1"; allowed: a whole number from 0 to 2147483647',
      'LOG_LEVEL is "loud"; allowed: one of fatal, error, warn, info, debug, trace, silent',
    ]);
  });

  test.each(Object.entries(variables).filter(([, variable]) => variable.isSecret))(
    'the value of %s is never told',
    (name) => {
      const wrong = name.startsWith('SECRET_KEY') ? 'too short' : SECRET;
      const error = errorOf({ [name]: wrong });
      expect(error.message).toContain(`${name} is (hidden)`);
      expect(error.message).not.toContain(wrong);
    },
  );

  test('neither is a password inside an address', () => {
    const error = errorOf({ DISCORD_BOT_TOKEN: 'abc', DISCORD_API_URL: 'http://me:hunter2@localhost/api' });
    expect(error.message).toContain('DISCORD_API_URL is (hidden)');
    expect(error.message).not.toContain('hunter2');
  });

  test.each([['https://discord.com/api'], ['https://canary.discord.com/api/v10']])(
    'what cannot be a token of Discord is refused for %s, and not told',
    (apiUrl) => {
      for (const token of ['abcdefgh', 'abc.def', 'a..b', 'a.b.c.d', 'a.b.c=']) {
        const error = errorOf({ DISCORD_BOT_TOKEN: token, DISCORD_API_URL: apiUrl });
        expect(error.message).toContain('DISCORD_BOT_TOKEN is (hidden); allowed: three parts');
        expect(error.message).not.toContain(token);
      }
    },
  );

  test('other servers may have tokens of any form, and a wrong address says nothing of the token', () => {
    const apiUrl = 'http://notdiscord.com/api';
    expect(readConfig({ DISCORD_BOT_TOKEN: 'abc', DISCORD_API_URL: apiUrl }).discord?.botToken).toBe('abc');
    expect(problemsOf({ DISCORD_BOT_TOKEN: 'abc', DISCORD_API_URL: 'nowhere' })).toEqual([
      expect.stringMatching(/^DISCORD_API_URL is/),
    ]);
  });

  test('an API address needs a token: the sandbox is not to be talked to by accident', () => {
    expect(problemsOf({ DISCORD_API_URL: 'http://localhost:9/api' })).toEqual([
      expect.stringMatching(/^DISCORD_BOT_TOKEN is not set although DISCORD_API_URL is/),
    ]);
  });

  test('page and sandbox need ports of their own, unless one is chosen by the system or not used', () => {
    expect(problemsOf({ PORT: '4000', SANDBOX_PORT: '4000' })).toHaveLength(1);
    expect(readConfig({ PORT: '0', SANDBOX_PORT: '0' }).port).toBe(0);
    expect(readConfig({ PORT: '4000', SANDBOX_PORT: '4000', ROLES: 'worker' }).port).toBe(4000);
    expect(readConfig({ PORT: '4000', SANDBOX_PORT: '4000', DISCORD_BOT_TOKEN: TOKEN }).port).toBe(4000);
  });
});

test('a file completes the environment, where an empty variable counts as unset', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clipdex-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  await writeFile(join(folder, '.env'), 'HOST=10.0.0.1\nPORT=8080\nLOG_LEVEL=debug\n');
  for (const [name, value] of Object.entries({ DATA_DIR: folder, HOST: '', PORT: '9090' }))
    vi.stubEnv(name, value);
  vi.stubEnv('LOG_LEVEL', undefined);
  expect(loadConfig()).toMatchObject({ host: '10.0.0.1', port: 9090, logLevel: 'debug' });
});

describe('what each variable takes', () => {
  test.each<[string, string]>([
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['HOST', 'localhost:3000'],
    ['HOST', 'http://localhost'],
    ['HOST', 'nohost'],
    ['HOST', '127.0.0.256'],
    ['HOST', '-clips.example.org'],
    ['PORT', '3000.5'],
    ['PORT', '1e3'],
    ['PUBLIC_URL', 'clips.example.org'],
    ['PUBLIC_URL', 'https://clips.example.org/?x=1'],
    ['PUBLIC_URL', 'ftp://clips.example.org'],
    ['PUBLIC_URL', 'https://clips.example.org/base'],
    ['DISCORD_BOT_TOKEN', 'Bot abc.def'],
    ['DISCORD_BOT_TOKEN', '"abc.def"'],
    ['DISCORD_CLIENT_ID', 'twelve'],
    ['DISCORD_CDN_ORIGINS', 'https://cdn.example.org/files'],
    ['DISCORD_CDN_ORIGINS', ','],
    ['ROLES', ','],
    ['SECRET_KEY', `${'k'.repeat(32)},${'k'.repeat(32)}`],
    ['SECRET_KEY_OLD', `${'k'.repeat(32)},short`],
    ['OPERATOR_IDS', '81384788765712384,olga'],
    ['SESSION_DAYS', '0'],
    ['INSTALLS', 'nobody'],
    ['INSTALL_INTENT_PURGE_CRON', '*/30 * * *'],
    ['WORKER_CONCURRENCY', '0'],
    ['SANDBOX_LIVE_TRAFFIC', 'yes'],
  ])('%s refuses %s', (name, value) => {
    expect(problemsOf({ [name]: value })).toHaveLength(1);
  });

  test('addresses lose their last slash and the API its version, since clients append both', () => {
    const config = readConfig({
      PUBLIC_URL: 'https://clips.example.org:8443/',
      DISCORD_BOT_TOKEN: 'abc',
      DISCORD_API_URL: 'http://127.0.0.1:4001/api/v10/',
      DISCORD_CDN_ORIGINS: 'http://127.0.0.1:4001, http://127.0.0.1:4001/',
    });
    expect(config.publicUrl).toBe('https://clips.example.org:8443');
    expect(config.discord?.apiUrl).toBe('http://127.0.0.1:4001/api');
    expect(config.discord?.cdnOrigins).toEqual(['http://127.0.0.1:4001']);
  });

  test('hosts may be names and addresses of both families', () => {
    for (const host of ['localhost', '0.0.0.0', '::', '::1', 'clips-1.example.org']) {
      expect(readConfig({ HOST: host }).host).toBe(host);
    }
  });
});

describe('lists and times', () => {
  test('lists are split at commas', () => {
    const config = readConfig({
      OPERATOR_IDS: '81384788765712384, 700000000000000010',
      SECRET_KEY_OLD: `${'a'.repeat(32)},${'b'.repeat(40)}`,
    });
    expect(config.operatorIds).toEqual(['81384788765712384', '700000000000000010']);
    expect(config.formerSecretKeys).toEqual(['a'.repeat(32), 'b'.repeat(40)]);
  });

  test.each([
    ['*/30 * * * *', '0 4 1,15 * 0-6', '5,10-20,*/7 * * 12 6', '0-59 0-23 1-31 1-12 0'],
    ['* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8'],
    ['*/0 * * * *', '5-5 * * * *', '9-5 * * * *', '1-20/5 * * * *', 'a * * * *', '*5 * * * *', ', * * * *'],
    ['@daily', '*/5 * * * MON', '-1 * * * *', '1,,2 * * * *'],
  ])('a time of the clock is taken as the queue takes it: %s …', (...patterns) => {
    for (const pattern of patterns) {
      const isTaken = problemsUnless(pattern).length === 0;
      expect([pattern, isTaken]).toEqual([pattern, isTakenByQueue(pattern)]);
    }
  });
});

function problemsUnless(cron: string): string[] {
  const env = { INSTALL_INTENT_PURGE_CRON: cron };
  try {
    readConfig(env);
    return [];
  } catch {
    return problemsOf(env);
  }
}

function isTakenByQueue(cron: string): boolean {
  try {
    parseCrontab(`${cron} task`);
    return true;
  } catch {
    return false;
  }
}

function errorOf(env: Environment): ClipdexError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ClipdexError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

function problemsOf(env: Environment): string[] {
  const error = errorOf(env);
  expect(error.code).toBe('config_invalid');
  return [...error.message.matchAll(/^ {2}- (.+)$/gm)].map(([, problem = '']) => problem);
}
