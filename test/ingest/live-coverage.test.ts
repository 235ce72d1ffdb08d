import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { enqueueScan } from '../../src/jobs/enqueue-scan.ts';
import { addChannel, addGuild } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { LiveModel, type Step } from './live-model.ts';

let testDatabase: TestDatabase;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
});
afterAll(() => testDatabase.close());

const LATEST_MS = 4_900; // below what it takes to settle

/** A channel whose first scan is queued, and a session that has just begun. */
async function openModel(): Promise<LiveModel> {
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  const model = new LiveModel(db, guildId, channelId);
  await db.transaction((tx) => enqueueScan(tx, { channelId, requestedBy: 'auto' }));
  await model.take({ kind: 'new session' });
  return model;
}

const shortMs = fc.integer({ min: 0, max: 3_000 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      afterMs: shortMs,
      lateMs: fc.integer({ min: 0, max: LATEST_MS }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      afterMs: fc.integer({ min: 0, max: 60_000 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      count: fc.integer({ min: 1, max: 4 }),
      dies: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'heartbeat' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new session' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'page' as const }) },
);

test('in every order of events, batches, kills, sessions and pages each message is counted once, and none is claimed unread', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 40 }), async (steps) => {
      const model = await openModel();
      for (const step of steps) {
        await model.take(step);
        const { counted, covered, claimedUnread } = await model.compare();
        expect({ counted, claimedUnread }).toEqual({
          counted: { count: covered, years: covered },
          claimedUnread: 0,
        });
      }
      await model.finish();
      await model.take({ kind: 'new session' }); // tells of what was missed at last
      await model.finish();
      const { uncovered, fragments } = await model.compare();
      expect({ uncovered, fragments }).toEqual({ uncovered: 0, fragments: 1 });
    }),
    { numRuns: 60, endOnFailure: true },
  );
}, 180_000);
