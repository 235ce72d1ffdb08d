import { isIP } from 'node:net';
import { isSnowflake, type Snowflake } from './discord/snowflake.ts';
import { type LogLevel, logLevels } from './lib/log.ts';

/** How one variable's text becomes a value: undefined when it is not `allowed`. */
export type ValueKind<Value> = { allowed: string; parse(text: string): Value | undefined };

export const roles = ['gateway', 'worker', 'web'] as const;
export type Role = (typeof roles)[number];

const installers = ['open', 'operators'] as const;
export type Installs = (typeof installers)[number];

const newGuildsWays = ['ask', 'present', 'read'] as const;
export type NewGuilds = (typeof newGuildsWays)[number];

const MIN_SECRET_KEY_LENGTH = 32; // characters; 128 random bits even when written as hex
const MAX_PORT = 65_535;

export const port: ValueKind<number> = wholeNumber(0, MAX_PORT);

export const onOrOff: ValueKind<boolean> = {
  allowed: 'on or off',
  parse: (text) => ({ on: true, off: false })[text.toLowerCase()],
};

/** A lone label other than localhost is mostly a slip, and would end in a failed lookup at the start. */
export const host: ValueKind<string> = {
  allowed:
    'localhost, an IP address such as 127.0.0.1, ::1 or 0.0.0.0, or a host name with a dot; without port',
  parse: (text) => (isIP(text) !== 0 || isHostName(text) ? text : undefined),
};

export const folder: ValueKind<string> = {
  allowed: 'the path of a folder',
  parse: (text) => (text.includes('\0') ? undefined : text),
};

export const logLevel: ValueKind<LogLevel> = {
  allowed: `one of ${logLevels.join(', ')}`,
  parse: (text) => logLevels.find((level) => level === text.toLowerCase()),
};

export const roleList: ValueKind<readonly Role[]> = {
  allowed: `one or more of ${roles.join(', ')}, separated by commas`,
  parse(text) {
    const wanted = splitList(text.toLowerCase());
    const known = roles.filter((role) => wanted.includes(role));
    return wanted.length > 0 && wanted.every((name) => known.some((role) => role === name))
      ? known
      : undefined;
  },
};

export const snowflake: ValueKind<Snowflake> = {
  allowed: 'a Discord id: 17 to 20 digits',
  parse: (text) => (isSnowflake(text) ? text : undefined),
};

export const snowflakeList: ValueKind<readonly Snowflake[]> = {
  allowed: 'Discord ids (17 to 20 digits each), separated by commas',
  parse: (text) => everyOf(text, snowflake),
};

export const installs: ValueKind<Installs> = {
  allowed: `one of ${installers.join(', ')}`,
  parse: (text) => installers.find((one) => one === text.toLowerCase()),
};

export const newGuilds: ValueKind<NewGuilds> = {
  allowed: `one of ${newGuildsWays.join(', ')}`,
  parse: (text) => newGuildsWays.find((one) => one === text.toLowerCase()),
};

/** The ranges of the five fields. */
const cronFields = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** What the queue reads, and no more of what other crons do. */
export const cron: ValueKind<string> = {
  allowed:
    'five fields as in "*/30 * * * *" (minute, hour, day, month, weekday 0 to 6; UTC), each of *, */n, n, n-m, or some of them with commas between',
  parse(text) {
    const fields = text.split(/\s+/);
    const isCron = cronFields.every(([min, max], index) => isCronField(fields[index] ?? '', min, max));
    return isCron && fields.length === cronFields.length ? fields.join(' ') : undefined;
  },
};

export const botToken: ValueKind<string> = {
  allowed: 'the token alone: no spaces, no quotes and not the word "Bot" before it',
  parse: (text) => (/^[\x21-\x7e]+$/.test(text) && !/["'`]/.test(text) ? text : undefined),
};

/** Discord's own tokens; servers that speak its protocol may have others. */
export const discordToken: ValueKind<string> = {
  allowed:
    'three parts with dots between them, as "Reset Token" on the page "Bot" of the application gives it',
  parse: (text) => (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) ? text : undefined),
};

export const clientSecret: ValueKind<string> = {
  allowed: 'the client secret alone, without spaces',
  parse: (text) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined),
};

/** Without the comma that separates former keys, which it will be one of. */
export const secretKey: ValueKind<string> = {
  allowed: `at least ${MIN_SECRET_KEY_LENGTH} characters, chosen at random, none of them a comma`,
  parse: (text) => (text.length >= MIN_SECRET_KEY_LENGTH && !text.includes(',') ? text : undefined),
};

export const secretKeyList: ValueKind<readonly string[]> = {
  allowed: `former values of SECRET_KEY, ${secretKey.allowed}, with commas between`,
  parse: (text) => everyOf(text, secretKey),
};

export const databaseUrl: ValueKind<string> = {
  allowed: 'postgres://user:password@host:5432/database',
  parse: (text) => (/^postgres(ql)?:$/.test(parseUrl(text)?.protocol ?? '') ? text : undefined),
};

/** An address without a trailing slash, so that paths can be appended. */
export const httpUrl: ValueKind<string> = {
  allowed: 'an http or https address without user name, password, query or fragment',
  parse: (text) => parseHttpUrl(text)?.href.replace(/\/+$/, ''),
};

/** The API's root. Clients add the version, so one that was copied along is dropped. */
export const apiUrl: ValueKind<string> = {
  allowed: `${httpUrl.allowed}, such as https://discord.com/api`,
  parse: (text) => httpUrl.parse(text)?.replace(/\/v\d+$/, ''),
};

/** Where the page is: assets, cookies and redirects begin at its root, so a path cannot work. */
export const origin: ValueKind<string> = {
  allowed: 'an http or https origin (scheme, host and port only), such as https://clips.example.org',
  parse(text) {
    const url = parseHttpUrl(text);
    return url?.pathname === '/' ? url.origin : undefined;
  },
};

export const originList: ValueKind<readonly string[]> = {
  allowed: 'one or more http or https origins (scheme, host and port only), separated by commas',
  parse(text) {
    const origins = everyOf(text, origin);
    return origins && [...new Set(origins)];
  },
};

export function wholeNumber(min: number, max: number): ValueKind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    parse(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** Names end in a letter label, so that a mistyped IPv4 address is none. */
function isHostName(text: string): boolean {
  const labels = text.toLowerCase().split('.');
  if (labels.length === 1) return labels[0] === 'localhost';
  return labels.every((label) => /^(?!-)[a-z\d-]+(?<!-)$/.test(label)) && /^[a-z]/.test(labels.at(-1) ?? '');
}

function isCronField(field: string, min: number, max: number): boolean {
  const isWithin = (number: string | undefined) => Number(number) >= min && Number(number) <= max;
  return field.split(',').every((part) => {
    const [, low, high, divisor] = /^(?:(\d{1,2})(?:-(\d{1,2}))?|\*(?:\/(\d{1,2}))?)$/.exec(part) ?? [];
    if (low === undefined)
      return /^\*/.test(part) && (divisor === undefined ? part === '*' : Number(divisor) > 0);
    return isWithin(low) && (high === undefined || (isWithin(high) && Number(low) < Number(high)));
  });
}

/** Undefined when there is none, or one that is not allowed. */
function everyOf<Value>(text: string, kind: ValueKind<Value>): readonly Value[] | undefined {
  const parts = splitList(text);
  const values = parts.flatMap((part) => kind.parse(part) ?? []);
  return parts.length > 0 && values.length === parts.length ? values : undefined;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseHttpUrl(text: string): URL | undefined {
  const url = parseUrl(text);
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  return isPlain && !url.search && !url.hash ? url : undefined;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
