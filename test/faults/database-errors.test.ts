import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { administer } from '../support/database.ts';
import { type FaultStage, openFaultStage } from '../support/fault-stage.ts';

const FAULT_MS = 3_000;
const TERMINATIONS = 8;

let stage: FaultStage;
let databaseName: string;
let hasEnded = false;

beforeAll(async () => {
  stage = await openFaultStage({ seed: 4 });
  databaseName = new URL(stage.databaseUrl).pathname.slice(1);
  const program = await stage.start();
  const end = () => {
    hasEnded = true;
  };
  program.ended.then(end, end);
  await stage.settled();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** All connections of the database but those of this statement's own. */
const terminate = () =>
  administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${databaseName}'`);

test('connections are killed again and again (pg_terminate_backend)', async () => {
  await stage.strike(async () => {
    for (let n = 0; n < TERMINATIONS; n += 1) {
      await terminate();
      await delay(FAULT_MS / TERMINATIONS);
    }
  });
  expect(hasEnded).toBe(false);
});

test('the database becomes read-only (25006) and comes back', async () => {
  await stage.strike(async () => {
    await administer(`alter database ${databaseName} set default_transaction_read_only = on`);
    await terminate();
    await delay(FAULT_MS);
    await administer(`alter database ${databaseName} reset default_transaction_read_only`);
    await terminate();
  });
  expect(hasEnded).toBe(false);
});

test('the disk is full (53100) and is given room again', async () => {
  await stage.strike(async () => {
    await stage.db.query(sql`
      create function refuse() returns trigger language plpgsql as $$
      begin
        raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
      end $$`);
    await stage.db.query(sql`
      create trigger full_disk before insert or update on scan_coverage execute function refuse()`);
    await delay(FAULT_MS);
    await stage.db.query(sql`drop trigger full_disk on scan_coverage`);
  });
  expect(hasEnded).toBe(false);
});
