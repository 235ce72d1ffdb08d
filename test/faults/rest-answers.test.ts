import { expect, test } from 'vitest';
import { ids } from '../sandbox/small-world.ts';
import { endWaits, faultsLeft, openRestStage, untilParked } from './rest-stage.ts';

test.each<[string, Record<string, unknown>]>([
  ['500 with JSON', { status: 500, count: 5, body: { message: '500: Internal Server Error', code: 0 } }],
  ['502 with a page of a proxy', { status: 502, count: 5, body: '<html>Bad gateway</html>' }],
  ['503 without a word', { status: 503, count: 5 }],
  ['no answer', { kind: 'hang', count: 3 }],
  ['connections closed without an answer', { kind: 'close', count: 5 }],
  ['bodies that stall', { kind: 'stall', count: 3 }],
  ['bodies that are cut', { kind: 'cut', count: 5 }],
  ['broken JSON', { kind: 'truncated', count: 5 }],
  ['kept connections that Discord closes', { kind: 'hang-up', count: 12 }],
])('%s: read again, and nothing is missing', async (_, fault) => {
  const isSilent = fault.kind === 'hang' || fault.kind === 'stall';
  const stage = await openRestStage(isSilent ? { headersTimeoutMs: 800, totalTimeoutMs: 1_000 } : {});
  await stage.fail(fault);
  await stage.start();
  await stage.settled();
  expect(await faultsLeft(stage)).toBe(0);
});

test('an outage that outlasts every retry: the runs wait, say why, and go on', async () => {
  const stage = await openRestStage({ faultAttempts: 2 });
  await stage.fail({ status: 503, count: 10_000 });
  await stage.start();
  const parked = await untilParked(stage.db);
  expect(new Set(parked.map(({ reason }) => reason))).toEqual(new Set(['discord_unavailable']));
  await stage.sandbox.control('clear-faults');
  await endWaits(stage.db);
  await stage.settled();
});

test('fields and kinds of channels that nobody knows yet change nothing', async () => {
  const stage = await openRestStage();
  await stage.sandbox.control('unknown-fields', { on: true });
  await stage.sandbox.control('create-channel', { guild_id: ids.guild, name: 'novel', type: 99 });
  await stage.start();
  await stage.settled();
  await stage.openRoom();
  await stage.settled();
});
