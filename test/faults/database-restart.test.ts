import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultStage, openFaultStage } from '../support/fault-stage.ts';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.ts';
import type { RunningProgram } from '../support/program.ts';

const OUTAGE_MS = 4_000; // bench/kill.ts keeps PostgreSQL away for 30 s

let postgres: OwnPostgres;
let stage: FaultStage;
let program: RunningProgram;
let hasEnded = false;

beforeAll(async () => {
  postgres = await startOwnPostgres();
  stage = await openFaultStage({ seed: 3, databaseUrl: postgres.url });
  program = await stage.start();
  const end = () => {
    hasEnded = true;
  };
  program.ended.then(end, end);
  await stage.settled();
});
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

test.each(['fast', 'immediate'] as const)(
  'PostgreSQL is restarted (%s shutdown) in the middle of scans and posts',
  async (how) => {
    await stage.strike(async () => {
      await postgres.stop(how);
      await postgres.start();
    });
    expect(hasEnded).toBe(false);
  },
);

test('PostgreSQL is away for a while, and the program says so', async () => {
  stage.lines.length = 0;
  await stage.strike(async () => {
    await postgres.stop('fast');
    await delay(OUTAGE_MS);
    await postgres.start();
  });
  expect(hasEnded).toBe(false);
  expect(stage.lines.join('')).toMatch(/live events wait for the database/);
  expect(stage.lines.join('')).toMatch(/worker interrupted; it starts again/);
});

test('PostgreSQL is told to stop when its clients have gone (smart shutdown), then at once', async () => {
  await stage.strike(async () => {
    await postgres.stop('smart');
    await delay(OUTAGE_MS / 4); // no new connections are let in
    await postgres.stop('fast');
    await postgres.start();
  });
  expect(hasEnded).toBe(false);
});

test('the program ends within 5 s while PostgreSQL is away, and the next one makes everything good', async () => {
  const stopLoad = stage.load.begin();
  await stage.openRoom();
  await postgres.stop('fast');
  const askedAt = performance.now();
  await program.stop().catch(() => {});
  expect(performance.now() - askedAt).toBeLessThan(5_000);
  await postgres.start();
  await stage.start();
  await stopLoad();
  await stage.settled();
});
