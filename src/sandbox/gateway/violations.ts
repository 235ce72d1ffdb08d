import { GatewayCloseCodes } from 'discord-api-types/v10';

/** Why a connection is closed. */
export type Violation = { code: number; reason: string };

/** The documented codes with the words that Discord closes with. */
export const violations = {
  unknownOpcode: { code: GatewayCloseCodes.UnknownOpcode, reason: 'Unknown opcode.' },
  decodeError: { code: GatewayCloseCodes.DecodeError, reason: 'Error while decoding payload.' },
  notAuthenticated: { code: GatewayCloseCodes.NotAuthenticated, reason: 'Not authenticated.' },
  authenticationFailed: { code: GatewayCloseCodes.AuthenticationFailed, reason: 'Authentication failed.' },
  alreadyAuthenticated: { code: GatewayCloseCodes.AlreadyAuthenticated, reason: 'Already authenticated.' },
  invalidSequence: { code: GatewayCloseCodes.InvalidSeq, reason: 'Invalid seq.' },
  rateLimited: { code: GatewayCloseCodes.RateLimited, reason: 'You are being rate limited.' },
  sessionTimedOut: { code: GatewayCloseCodes.SessionTimedOut, reason: 'Session timed out.' },
  invalidShard: { code: GatewayCloseCodes.InvalidShard, reason: 'Invalid shard.' },
  shardingRequired: { code: GatewayCloseCodes.ShardingRequired, reason: 'Sharding required.' },
  invalidVersion: { code: GatewayCloseCodes.InvalidAPIVersion, reason: 'Invalid API version.' },
  invalidIntents: { code: GatewayCloseCodes.InvalidIntents, reason: 'Invalid intent(s).' },
  disallowedIntents: { code: GatewayCloseCodes.DisallowedIntents, reason: 'Disallowed intent(s).' },
} as const satisfies Record<string, Violation>;

/** Codes after which a session cannot be resumed: the client ended it, or it never was good. */
export const finalCodes: ReadonlySet<number> = new Set([
  1000,
  1001,
  violations.authenticationFailed.code,
  violations.invalidSequence.code,
  violations.sessionTimedOut.code,
  violations.invalidShard.code,
  violations.shardingRequired.code,
  violations.invalidVersion.code,
  violations.invalidIntents.code,
  violations.disallowedIntents.code,
]);
