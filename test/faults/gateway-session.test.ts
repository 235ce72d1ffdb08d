import { afterAll, beforeAll, expect, test } from 'vitest';
import { fastClock } from '../support/fast-clock.ts';
import { type FaultStage, openFaultStage } from '../support/fault-stage.ts';
import { waitFor } from '../support/wait-for.ts';

const HURRY = 10; // times faster than the real waits of a gateway client
const HEARTBEAT_MS = 6_000; // less would be more than the 120 messages a minute that Discord takes

let stage: FaultStage;

beforeAll(async () => {
  stage = await openFaultStage({
    seed: 1,
    limits: { heartbeatIntervalMs: HEARTBEAT_MS },
    program: { clock: fastClock(HURRY) },
  });
  await stage.start();
  await stage.settled();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const control = (name: string, fields: object = {}) => stage.sandbox.control(name, { ...fields });

/** One program lives through all of them, one after the other, while channels are scanned and people post. */
test.each<[string, 'resumed' | 'identified', () => Promise<unknown>]>([
  ['a connection that breaks', 'resumed', () => control('drop-gateway')],
  ['close code 4000', 'resumed', () => control('drop-gateway', { code: 4000 })],
  ['op 7', 'resumed', () => control('gateway-reconnect')],
  ['op 9 true', 'resumed', () => control('gateway-invalidate', { resumable: true })],
  ['op 9 false', 'identified', () => control('gateway-invalidate', { resumable: false })],
  ['close code 4009', 'identified', () => control('drop-gateway', { code: 4009 })],
  ['close code 4007', 'identified', () => control('drop-gateway', { code: 4007 })],
  [
    'a resume that is refused',
    'identified',
    async () => {
      await control('gateway-faults', { refuses_resumes: true });
      await control('drop-gateway');
    },
  ],
  ['heartbeats without an answer', 'resumed', () => control('gateway-faults', { skips_acks: true })],
])('after %s the session is %s, and nothing is lost or doubled', async (_, how, fault) => {
  const before = await stage.gatewayStats();
  await stage.strike(
    async () => {
      await fault();
      await waitFor(async () => (await stage.gatewayStats())[how] > before[how]);
      await control('gateway-faults', { refuses_resumes: false, skips_acks: false });
    },
    how === 'resumed' ? 'everything' : 'posts',
  );
  expect((await stage.gatewayStats()).connected).toBe(1);
});
