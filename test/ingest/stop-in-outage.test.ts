import { expect, onTestFinished, test } from 'vitest';
import { Database } from '../../src/db/database.ts';
import { ingestEvents } from '../../src/ingest/ingest.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createTestDatabase } from '../support/database.ts';
import { recordLog } from '../support/recorded-log.ts';
import { waitFor } from '../support/wait-for.ts';

test('events that wait for the database when the program stops are not said to be left out', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  const { log, lines } = recordLog();
  const away = new Database(database.url, log);
  await away.close();
  const stop = new AbortController();
  const session = {
    ...{ apiUrl: 'https://discord.com/api', botUserId: '1', shardId: 0, shardCount: 1 },
    ...{ sessionId: 'session-1', resumeUrl: 'wss://gateway.discord.gg', sequence: 2, holder: null },
  };
  const message = { id: '5', channel_id: '6', guild_id: '7' };
  const events = [1, 2].map((s) => ({ op: 0, t: 'MESSAGE_CREATE', s, d: message }));
  const ingested = ingestEvents({ session, events, heartbeatAt: null } as never, {
    ...{ db: away, intents: 1, readsJoinedBefore: 0, clock: systemClock, log, signal: stop.signal },
  });
  await waitFor(() => lines.join('').includes('live events wait for the database'));
  stop.abort();
  await expect(ingested).rejects.toMatchObject({ name: 'AbortError' });
  expect(lines.join('')).not.toContain('left out');
});
