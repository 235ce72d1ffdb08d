import { expect, test } from 'vitest';
import { type Queryable, raw, sql } from '../../src/db/database.ts';
import { aFile, aHistory, idAt } from '../support/other-discord-payloads.ts';
import { openStage } from '../support/other-discord-stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** What PostgreSQL may say to values that no repetition makes better. */
const refusals = {
  'a limit is exceeded': '54000',
  'a trigger refuses it': 'P0001',
  'a view refuses it': '44000',
};

test.each([
  ...Object.entries(refusals).map(([what, code]) => [what, code, false] as const),
  ['and an outage comes at that moment', '54000', true] as const,
])('one event that can never be written does not stop live: %s', async (_, code, isOutage) => {
  await using stage = await openStage();
  const { db, discord } = stage;
  const room = idAt('2024-01-01T00:00:00Z');
  discord.addChannel(room, aHistory(room, 10));
  await stage.start();
  await waitFor(async () => (await stage.listRuns()).some((run) => run.status === 'succeeded'));
  await stage.settled();
  await db.query(sql`
    create function refuse() returns trigger language plpgsql as $$
    begin
      if new.filename = 'refused.mp4' then raise exception 'no' using errcode = '${raw(code)}'; end if;
      return new;
    end $$`);
  await db.query(sql`create trigger refuse before insert on videos for each row execute function refuse()`);
  if (isOutage) await failOnce(db, 'live_coverage');
  const ids = [1, 2, 3].map((minute) => idAt(`2026-01-01T00:0${minute}:00Z`));
  const [first = '', refused = '', last = ''] = ids;
  discord.post(room, first);
  discord.post(room, refused, { attachments: [aFile(refused, { filename: 'refused.mp4' })] });
  discord.post(room, last);
  await waitFor(stage.isTold);
  const stored = await db.query(sql`
    select message_id as id from videos where message_id >= ${first}::bigint order by message_id`);
  expect(stored).toEqual([{ id: first }, { id: last }]);
  await stage.settled();
  expect((await stage.libraryOf(room)).uncoveredIds).toContain(refused);
});

/** The next deletion from this table ends as if the server were shut down. A sequence counts although it is undone. */
async function failOnce(db: Queryable, table: string): Promise<void> {
  await db.query(sql`create sequence failures`);
  await db.query(sql`
    create function fail_once() returns trigger language plpgsql as $$
    begin
      if nextval('failures') = 1 then raise exception 'shut down' using errcode = '57P01'; end if;
      return null;
    end $$`);
  await db.query(sql`
    create trigger fail_once before delete on ${raw(table)} for each statement execute function fail_once()`);
}
