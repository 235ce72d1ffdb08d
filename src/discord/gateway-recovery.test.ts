import { expect, test } from 'vitest';
import { recoveryFrom } from './gateway-recovery.ts';

test.each([
  [1000, 'resume'],
  [1001, 'resume'],
  [1006, 'resume'],
  [4000, 'resume'],
  [4001, 'resume'],
  [4002, 'resume'],
  [4003, 'identify'],
  [4005, 'resume'],
  [4007, 'identify'],
  [4008, 'resume'],
  [4009, 'identify'],
  [4999, 'resume'],
])('after close code %i: %s', (code, kind) => {
  expect(recoveryFrom({ kind: 'closed', code })).toEqual({ kind });
});

test.each([
  [4004, 'token_refused', /DISCORD_BOT_TOKEN/],
  [4010, 'invalid_shard', /4010/],
  [4011, 'sharding_required', /shard count/],
  [4012, 'invalid_api_version', /Update/],
  [4013, 'invalid_intents', /4013/],
  [4014, 'message_content_not_enabled', /Message Content Intent/],
])('close code %i is final', (code, errorCode, text) => {
  const recovery = recoveryFrom({ kind: 'closed', code });
  if (recovery.kind !== 'give_up') throw new Error(`not given up but ${recovery.kind}`);
  expect(recovery.error.code).toBe(errorCode);
  expect(recovery.error.message).toMatch(text);
});

test('an invalid session is resumed only when Discord says that it can be', () => {
  expect(recoveryFrom({ kind: 'session_invalid', isResumable: true })).toEqual({ kind: 'resume' });
  expect(recoveryFrom({ kind: 'session_invalid', isResumable: false })).toEqual({ kind: 'identify' });
});
