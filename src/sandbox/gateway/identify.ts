import type { Switches } from '../state.ts';
import { checkIntents } from './intents.ts';
import { fieldsOf } from './payload.ts';
import { type Violation, violations } from './violations.ts';

/** What an IDENTIFY or RESUME is measured against. */
export type Expected = { token: string; switches: Switches; guildCount: number };

export type Identify =
  | { kind: 'accepted'; intents: number; shard: readonly [number, number]; compressesPayloads: boolean }
  | { kind: 'refused'; violation: Violation };

/** Discord refuses a single shard for more guilds than this. */
const MAX_GUILDS_PER_SHARD = 2500;

export function readIdentify(data: unknown, expected: Expected): Identify {
  const fields = fieldsOf(data);
  if (
    typeof fields.token !== 'string' ||
    typeof fields.properties !== 'object' ||
    fields.properties === null
  ) {
    return refuse(violations.decodeError);
  }
  if (!isToken(fields.token, expected)) return refuse(violations.authenticationFailed);
  const shard = readShard(fields.shard);
  if (!shard) return refuse(violations.invalidShard);
  if (expected.guildCount / shard[1] > MAX_GUILDS_PER_SHARD) return refuse(violations.shardingRequired);
  const verdict = checkIntents(fields.intents, expected.switches);
  if (verdict === 'invalid') return refuse(violations.invalidIntents);
  if (verdict === 'disallowed') return refuse(violations.disallowedIntents);
  const compressesPayloads = fields.compress === true;
  return { kind: 'accepted', intents: Number(fields.intents), shard, compressesPayloads };
}

export function isToken(value: unknown, expected: Expected): boolean {
  return typeof value === 'string' && value.replace(/^Bot /, '') === expected.token;
}

function readShard(value: unknown): readonly [number, number] | undefined {
  if (value === undefined || value === null) return [0, 1];
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [id, count] = value.map(Number);
  if (id === undefined || count === undefined) return undefined;
  if (!Number.isInteger(id) || !Number.isInteger(count)) return undefined;
  return id >= 0 && count >= 1 && id < count ? [id, count] : undefined;
}

function refuse(violation: Violation): Identify {
  return { kind: 'refused', violation };
}
