import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fastClock } from '../support/fast-clock.ts';
import { type FaultStage, openFaultStage } from '../support/fault-stage.ts';
import type { RunningProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const HURRY = 10; // times faster than the real waits of the program
const OUTAGE_MS = 60_000 / HURRY;

let stage: FaultStage;
let program: RunningProgram;

beforeAll(async () => {
  stage = await openFaultStage({
    seed: 2,
    program: { clock: fastClock(HURRY) },
  });
  program = await stage.start();
  await stage.settled();
});
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
});

const control = (name: string, fields: object = {}) => stage.sandbox.control(name, { ...fields });
const isDown = () => program.app.gatewayState?.downSince() !== null;

test.each([
  ['keeps the session', true],
  ['forgets the session', false],
])('the gateway is away for 60 s and %s', async (_, resumable) => {
  const before = await stage.gatewayStats();
  await stage.strike(
    async () => {
      await control('gateway-faults', { is_down: true });
      await control('drop-gateway', { resumable });
      await waitFor(isDown);
      await delay(OUTAGE_MS);
      expect(isDown()).toBe(true);
      await control('gateway-faults', { is_down: false });
      await waitFor(() => !isDown());
    },
    resumable ? 'everything' : 'posts',
  );
  const after = await stage.gatewayStats();
  const key = resumable ? 'resumed' : 'identified';
  expect(after[key]).toBe(before[key] + 1);
  expect(stage.lines.join('')).toMatch(/gateway: .*connecting again/);
});

test('REST and gateway are both away for a while', async () => {
  await stage.strike(async () => {
    await control('fail', { kind: 'close', count: 1_000_000 });
    await control('gateway-faults', { is_down: true });
    await control('drop-gateway');
    await waitFor(isDown);
    await delay(OUTAGE_MS);
    await control('clear-faults');
    await control('gateway-faults', { is_down: false });
    await waitFor(() => !isDown());
  });
});

test('Discord takes the guild offline and brings it back', async () => {
  await stage.strike(async () => {
    await control('guild-outage', { guild_id: stage.world.guildId, unavailable: true });
    await delay(OUTAGE_MS / 10);
    await control('guild-outage', { guild_id: stage.world.guildId, unavailable: false });
  }, 'posts');
});
