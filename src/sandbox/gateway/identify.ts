import { GatewayCloseCodes } from 'discord-api-types/v10';
import type { Switches } from '../state.ts';
import { checkIntents } from './intents.ts';
import { fieldsOf } from './payload.ts';

export type Identify =
  | { kind: 'accepted'; intents: number; shard: readonly [number, number]; compressesPayloads: boolean }
  | { kind: 'refused'; code: number; reason: string };

/** Discord refuses a single shard for more guilds than this. */
const MAX_GUILDS_PER_SHARD = 2500;

export function readIdentify(
  data: unknown,
  expected: { token: string; switches: Switches; guildCount: number },
): Identify {
  const fields = fieldsOf(data);
  if (
    typeof fields.token !== 'string' ||
    typeof fields.properties !== 'object' ||
    fields.properties === null
  ) {
    return refuse(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
  }
  if (fields.token.replace(/^Bot /, '') !== expected.token) {
    return refuse(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
  }
  const shard = readShard(fields.shard);
  if (!shard) return refuse(GatewayCloseCodes.InvalidShard, 'Invalid shard.');
  if (expected.guildCount / shard[1] > MAX_GUILDS_PER_SHARD) {
    return refuse(GatewayCloseCodes.ShardingRequired, 'Sharding required.');
  }
  const verdict = checkIntents(fields.intents, expected.switches);
  if (verdict === 'invalid') return refuse(GatewayCloseCodes.InvalidIntents, 'Invalid intent(s).');
  if (verdict === 'disallowed') return refuse(GatewayCloseCodes.DisallowedIntents, 'Disallowed intent(s).');
  return {
    kind: 'accepted',
    intents: Number(fields.intents),
    shard,
    compressesPayloads: fields.compress === true,
  };
}

function readShard(value: unknown): readonly [number, number] | undefined {
  if (value === undefined || value === null) return [0, 1];
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [id, count] = value.map(Number);
  if (id === undefined || count === undefined || !Number.isInteger(id) || !Number.isInteger(count))
    return undefined;
  return id >= 0 && count >= 1 && id < count ? [id, count] : undefined;
}

function refuse(code: number, reason: string): Identify {
  return { kind: 'refused', code, reason };
}
