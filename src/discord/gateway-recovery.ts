import { GatewayCloseCodes } from 'discord-api-types/v10';
import { ClipdexError } from '../lib/errors.ts';

/** How one connection to the gateway ended. */
export type ConnectionEnd =
  /** The socket closed; 1006: without a close frame. */
  | { kind: 'closed'; code: number }
  /** No connection came to be, or it broke. */
  | { kind: 'broken'; cause: unknown }
  /** Nothing came in time: no HELLO, no READY, no ACK of our heartbeat. */
  | { kind: 'silent'; awaited: string }
  /** Discord asked us to connect anew (op 7). */
  | { kind: 'reconnect_asked' }
  /** Op 9. */
  | { kind: 'session_invalid'; isResumable: boolean }
  /** Our own signal. */
  | { kind: 'stopped' };

/** What to do next. `resume` without a session identifies. */
export type Recovery = { kind: 'resume' } | { kind: 'identify' } | { kind: 'give_up'; error: ClipdexError };

/** Codes after which Discord no longer knows the session; RESUME is tried after all others. */
const sessionIsGone = new Set<number>([
  GatewayCloseCodes.NotAuthenticated,
  GatewayCloseCodes.InvalidSeq,
  GatewayCloseCodes.SessionTimedOut,
]);

/** Codes that come again with every attempt, until a person changes something. */
const finalCodes: Record<number, [code: string, text: string]> = {
  [GatewayCloseCodes.AuthenticationFailed]: [
    'token_refused',
    'Discord refused the bot token (4004). Set DISCORD_BOT_TOKEN to the token under Bot in the developer portal.',
  ],
  [GatewayCloseCodes.InvalidShard]: [
    'invalid_shard',
    'Discord refused the shard (4010). Its number must be below the shard count; check how shards are divided.',
  ],
  [GatewayCloseCodes.ShardingRequired]: [
    'sharding_required',
    'The bot is in too many guilds for this number of shards (4011). Raise the shard count, or leave it to Discord.',
  ],
  [GatewayCloseCodes.InvalidAPIVersion]: [
    'invalid_api_version',
    'Discord no longer speaks this version of its gateway (4012). Update Clipdex.',
  ],
  [GatewayCloseCodes.InvalidIntents]: [
    'invalid_intents',
    'Discord does not know an intent that Clipdex asked for (4013). Update Clipdex.',
  ],
  [GatewayCloseCodes.DisallowedIntents]: [
    'message_content_not_enabled',
    'The intent MESSAGE_CONTENT is not switched on (4014): without it no video can be seen. Open ' +
      'https://discord.com/developers/applications, choose the application, then Bot, and switch on ' +
      '"Message Content Intent" under "Privileged Gateway Intents".',
  ],
};

export function recoveryFrom(end: ConnectionEnd): Recovery {
  if (end.kind === 'session_invalid' && !end.isResumable) return { kind: 'identify' };
  if (end.kind !== 'closed') return { kind: 'resume' };
  const final = finalCodes[end.code];
  if (final) return { kind: 'give_up', error: new ClipdexError(...final) };
  return sessionIsGone.has(end.code) ? { kind: 'identify' } : { kind: 'resume' };
}

/** For status and logs. */
export function describeEnd(end: ConnectionEnd): string {
  switch (end.kind) {
    case 'closed':
      return `closed with ${end.code}`;
    case 'broken':
      return 'the connection broke';
    case 'silent':
      return `no ${end.awaited} in time`;
    case 'reconnect_asked':
      return 'Discord asked to reconnect';
    case 'session_invalid':
      return 'Discord does not accept the session';
    case 'stopped':
      return 'stopped';
  }
}
