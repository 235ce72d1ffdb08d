import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { splitBatch } from './split-batch.ts';

const session = {
  ...{ apiUrl: 'u', botUserId: '7', shardId: 0, shardCount: 1 },
  ...{ sessionId: 's', resumeUrl: 'u', sequence: 20 },
};

function split(types: readonly string[], heartbeatAt: number | null = null) {
  const events = types.map((t, i) => ({ op: 0, t, s: 11 + i, d: {} }) as unknown as GatewayDispatchPayload);
  return splitBatch({ session, events, heartbeatAt }).map((part) => ({
    types: part.events.map((event) => event.t),
    sequence: part.session.sequence,
    heartbeatAt: part.heartbeatAt,
  }));
}

test('messages that follow each other are one part, each event of a guild another', () => {
  const types = [
    'MESSAGE_CREATE',
    'MESSAGE_DELETE',
    'GUILD_CREATE',
    'GUILD_CREATE',
    'TYPING_START',
    'MESSAGE_UPDATE',
  ];
  expect(split(types, 5)).toEqual([
    { types: ['MESSAGE_CREATE', 'MESSAGE_DELETE'], sequence: 12, heartbeatAt: null },
    { types: ['GUILD_CREATE'], sequence: 13, heartbeatAt: null },
    { types: ['GUILD_CREATE'], sequence: 14, heartbeatAt: null },
    { types: ['TYPING_START', 'MESSAGE_UPDATE'], sequence: 20, heartbeatAt: 5 },
  ]);
});

test('without events there is the session to keep, and the heartbeat', () => {
  expect(split([], 5)).toEqual([{ types: [], sequence: 20, heartbeatAt: 5 }]);
});
