import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Installs, NewGuilds, Role, ValueKind } from './config-values.ts';
import * as values from './config-values.ts';
import type { Snowflake } from './discord/snowflake.ts';
import { ClipdexError, messageOf } from './lib/errors.ts';
import type { LogLevel } from './lib/log.ts';

export { type Role, roles } from './config-values.ts';

/** Everything that can be set from outside. Frozen; made once at the start and handed down. */
export type Config = Readonly<{
  /** null: PostgreSQL is run by Clipdex itself below `dataDir`. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  host: string;
  port: number;
  /** The origin where browsers reach the page from outside; null: `http://host:port`. */
  publicUrl: string | null;
  /** How many proxies stand before the page, each of which adds to X-Forwarded-For. */
  trustedProxies: number;
  /** null: no token is set, and the program runs against its own sandbox. */
  discord: DiscordConfig | null;
  /** null: made once and kept in `dataDir`. */
  secretKey: string | null;
  /** Former keys: what was sealed with them still opens. */
  formerSecretKeys: readonly string[];
  sessionDays: number;
  sessionIdleDays: number;
  operatorIds: readonly Snowflake[];
  installs: Installs;
  /** What becomes of guilds that are new to us: see docs/configuration.md. */
  newGuilds: NewGuilds;
  installIntents: Readonly<{ minutes: number; purgeCron: string; purgeGraceSecs: number }>;
  roles: readonly Role[];
  workerConcurrency: number;
  departedGuildGraceDays: number;
  runHistoryDays: number;
  sandbox: Readonly<{ port: number; seed: number; isLive: boolean }>;
  logLevel: LogLevel;
}>;

export type DiscordConfig = Readonly<{
  botToken: string;
  clientId: string | null;
  clientSecret: string | null;
  /** Without version and trailing slash. */
  apiUrl: string;
  authorizeUrl: string;
  cdnOrigins: readonly string[];
}>;

/** Where uploads lie, and Discord's copies of what embeds show of other sites. */
const discordMediaOrigins = [
  ...['https://cdn.discordapp.com', 'https://media.discordapp.net'],
  ...['https://images-ext-1.discordapp.net', 'https://images-ext-2.discordapp.net'],
];

export type Variable<Value = unknown> = {
  kind: ValueKind<Value>;
  /** As one would write it; null: none. */
  fallback: string | null;
  /** Its value never appears in an error, a log or a page. */
  isSecret: boolean;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every environment variable that Clipdex reads; docs/configuration.md says what each does. */
export const variables = {
  DATABASE_URL: secret(values.databaseUrl),
  DATA_DIR: plain(values.folder, './data'),
  HOST: plain(values.host, '127.0.0.1'),
  PORT: plain(values.port, '3000'),
  PUBLIC_URL: plain(values.origin),
  TRUST_PROXY: plain(values.wholeNumber(0, 10), '0'),
  DISCORD_BOT_TOKEN: secret(values.botToken),
  DISCORD_CLIENT_ID: plain(values.snowflake),
  DISCORD_CLIENT_SECRET: secret(values.clientSecret),
  DISCORD_API_URL: plain(values.apiUrl, 'https://discord.com/api'),
  DISCORD_AUTHORIZE_URL: plain(values.httpUrl, 'https://discord.com/oauth2/authorize'),
  DISCORD_CDN_ORIGINS: plain(values.originList, discordMediaOrigins.join(',')),
  SECRET_KEY: secret(values.secretKey),
  SECRET_KEY_OLD: secret(values.secretKeyList),
  SESSION_DAYS: plain(values.wholeNumber(1, 365), '30'),
  SESSION_IDLE_DAYS: plain(values.wholeNumber(1, 365), '7'),
  OPERATOR_IDS: plain(values.snowflakeList),
  INSTALLS: plain(values.installs, 'open'),
  NEW_GUILDS: plain(values.newGuilds),
  INSTALL_INTENT_MINUTES: plain(values.wholeNumber(1, 60), '10'),
  INSTALL_INTENT_PURGE_CRON: plain(values.cron, '*/30 * * * *'),
  INSTALL_INTENT_PURGE_GRACE_SECONDS: plain(values.wholeNumber(0, 86_400), '300'),
  ROLES: plain(values.roleList, 'gateway,worker,web'),
  WORKER_CONCURRENCY: plain(values.wholeNumber(1, 256), '32'),
  DEPARTED_GUILD_GRACE_DAYS: plain(values.wholeNumber(0, 3650), '30'),
  RUN_HISTORY_DAYS: plain(values.wholeNumber(1, 36_500), '365'),
  SANDBOX_PORT: plain(values.port, '3001'),
  SANDBOX_SEED: plain(values.wholeNumber(0, 2 ** 31 - 1), '1'),
  SANDBOX_LIVE_TRAFFIC: plain(values.onOrOff, 'on'),
  LOG_LEVEL: plain(values.logLevel, 'info'),
} satisfies Record<string, Variable>;

type VariableName = keyof typeof variables;
type ValueOf<Name extends VariableName> =
  (typeof variables)[Name] extends Variable<infer Value> ? Value : never;

/**
 * The environment of this process, completed by `.env` in the working directory and then in the data directory.
 * What the environment sets wins over both files.
 * @throws ClipdexError `config_invalid`
 */
export function loadConfig(): Config {
  loadEnvFile('.env');
  loadEnvFile(join(process.env.DATA_DIR?.trim() || './data', '.env'));
  return readConfig(process.env);
}

/** Whether LOG_LEVEL asks for details, also where the configuration as a whole cannot be read. */
export function isDebugLevel(): boolean {
  return ['debug', 'trace'].includes(process.env.LOG_LEVEL?.trim().toLowerCase() ?? '');
}

function loadEnvFile(path: string): void {
  if (!existsSync(path)) return;
  for (const name of Object.keys(variables)) {
    if (process.env[name]?.trim() === '') delete process.env[name]; // or it would count as set, beside the file
  }
  try {
    process.loadEnvFile(path);
  } catch (error) {
    throw new ClipdexError('config_invalid', `The file ${resolve(path)} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Reads the configuration out of `env` and nothing else. An empty variable counts as unset.
 * @throws ClipdexError `config_invalid` that lists every problem at once, and never the value of a secret.
 */
export function readConfig(env: Environment): Config {
  const reader = new EnvironmentReader(env);
  const discord = readDiscord(reader);
  const config: Config = {
    databaseUrl: reader.optional('DATABASE_URL'),
    dataDir: resolve(reader.required('DATA_DIR')),
    host: reader.required('HOST'),
    port: reader.required('PORT'),
    publicUrl: reader.optional('PUBLIC_URL'),
    trustedProxies: reader.required('TRUST_PROXY'),
    discord,
    secretKey: reader.optional('SECRET_KEY'),
    formerSecretKeys: Object.freeze(reader.optional('SECRET_KEY_OLD') ?? []),
    sessionDays: reader.required('SESSION_DAYS'),
    sessionIdleDays: reader.required('SESSION_IDLE_DAYS'),
    operatorIds: Object.freeze(reader.optional('OPERATOR_IDS') ?? []),
    installs: reader.required('INSTALLS'),
    newGuilds: reader.optional('NEW_GUILDS') ?? (discord === null ? 'present' : 'ask'),
    installIntents: Object.freeze({
      minutes: reader.required('INSTALL_INTENT_MINUTES'),
      purgeCron: reader.required('INSTALL_INTENT_PURGE_CRON'),
      purgeGraceSecs: reader.required('INSTALL_INTENT_PURGE_GRACE_SECONDS'),
    }),
    roles: Object.freeze(reader.required('ROLES')),
    workerConcurrency: reader.required('WORKER_CONCURRENCY'),
    departedGuildGraceDays: reader.required('DEPARTED_GUILD_GRACE_DAYS'),
    runHistoryDays: reader.required('RUN_HISTORY_DAYS'),
    sandbox: Object.freeze({
      port: reader.required('SANDBOX_PORT'),
      seed: reader.required('SANDBOX_SEED'),
      isLive: reader.required('SANDBOX_LIVE_TRAFFIC'),
    }),
    logLevel: reader.required('LOG_LEVEL'),
  };
  const problems = [...reader.problems, ...contradictions(reader, config)];
  if (problems.length > 0) throw invalidConfig(problems);
  return Object.freeze(config);
}

/** Every variable is read, so that each problem is told, also where no token makes use of them. */
function readDiscord(reader: EnvironmentReader): DiscordConfig | null {
  const botToken = reader.optional('DISCORD_BOT_TOKEN');
  const discord = {
    clientId: reader.optional('DISCORD_CLIENT_ID'),
    clientSecret: reader.optional('DISCORD_CLIENT_SECRET'),
    apiUrl: reader.required('DISCORD_API_URL'),
    authorizeUrl: reader.required('DISCORD_AUTHORIZE_URL'),
    cdnOrigins: Object.freeze(reader.required('DISCORD_CDN_ORIGINS')),
  };
  return botToken === null ? null : Object.freeze({ botToken, ...discord });
}

class EnvironmentReader {
  readonly problems: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  isSet(name: VariableName): boolean {
    return this.#text(name) !== null;
  }

  /** Whether it was read and found wrong, so that its fallback stands in for it. */
  isRefused(name: VariableName): boolean {
    return this.problems.some((problem) => problem.startsWith(`${name} is `));
  }

  /** null when it is unset, or wrong (a problem is then noted). */
  optional<Name extends VariableName>(name: Name): ValueOf<Name> | null {
    const text = this.#text(name);
    return text === null ? null : this.#parse(name, text);
  }

  /** For variables with a fallback, which also stands in for a wrong value, so that reading goes on. */
  required<Name extends VariableName>(name: Name): ValueOf<Name> {
    const value = this.optional(name) ?? this.#parse(name, variables[name].fallback ?? '');
    if (value === null) throw new Error(`${name} has no fallback`);
    return value;
  }

  #text(name: VariableName): string | null {
    return this.#env[name]?.trim() || null;
  }

  #parse<Name extends VariableName>(name: Name, text: string): ValueOf<Name> | null {
    const variable: Variable = variables[name];
    const value = variable.kind.parse(text);
    if (value !== undefined) return value as ValueOf<Name>;
    this.problems.push(`${name} is ${shownValue(text, variable)}; allowed: ${variable.kind.allowed}`);
    return null;
  }
}

/** What is wrong between variables that are each well formed. */
function contradictions(reader: EnvironmentReader, config: Config): string[] {
  if (config.discord) return isForeignToken(reader, config.discord) ? [foreignToken] : [];
  const found: string[] = [];
  if (reader.isSet('DISCORD_BOT_TOKEN')) return found;
  if (reader.isSet('DISCORD_API_URL')) {
    found.push(
      'DISCORD_BOT_TOKEN is not set although DISCORD_API_URL is; allowed: both, or neither (the own sandbox)',
    );
  }
  if (config.roles.includes('web') && config.port !== 0 && config.port === config.sandbox.port) {
    found.push(`SANDBOX_PORT is "${config.port}", as is PORT; allowed: two different ports`);
  }
  return found;
}

const foreignToken = `DISCORD_BOT_TOKEN is (hidden); allowed: ${values.discordToken.allowed}`;

/** What cannot be a token of Discord is not sent there: it may be a secret of something else. */
function isForeignToken(reader: EnvironmentReader, { apiUrl, botToken }: DiscordConfig): boolean {
  const isDiscord = /(^|\.)discord(app)?\.com$/.test(new URL(apiUrl).hostname);
  return (
    isDiscord && !reader.isRefused('DISCORD_API_URL') && values.discordToken.parse(botToken) === undefined
  );
}

const MAX_SHOWN_VALUE_LENGTH = 80; // characters: enough to recognise what was written

/** An "@" may be the password of an address that was put into the wrong variable. */
function shownValue(text: string, variable: Variable): string {
  if (variable.isSecret || text.includes('@')) return '(hidden)';
  return JSON.stringify(
    text.length > MAX_SHOWN_VALUE_LENGTH ? `${text.slice(0, MAX_SHOWN_VALUE_LENGTH)}…` : text,
  );
}

function invalidConfig(problems: string[]): ClipdexError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  return new ClipdexError(
    'config_invalid',
    `The configuration has ${count}. See docs/configuration.md.\n${list}`,
  );
}

function plain<Value>(kind: ValueKind<Value>, fallback: string | null = null): Variable<Value> {
  return { kind, fallback, isSecret: false };
}

function secret<Value>(kind: ValueKind<Value>): Variable<Value> {
  return { kind, fallback: null, isSecret: true };
}
