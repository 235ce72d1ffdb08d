import { setTimeout as delay } from 'node:timers/promises';
import type { Guild, Page } from '../../../src/http/contract.ts';
import type { Ask } from './page-test.ts';

const SCAN_DEADLINE_MS = 120_000;
const POLL_MS = 200;

/** Until the history of all guilds is read. */
export async function waitUntilRead(ask: Ask): Promise<void> {
  const deadline = performance.now() + SCAN_DEADLINE_MS;
  let stillness = 0; // runs are made in a burst; only a lasting stillness is the end
  while (stillness < 5) {
    if (performance.now() > deadline) {
      throw new Error(`the sandbox was not read within ${SCAN_DEADLINE_MS} ms`);
    }
    await delay(POLL_MS);
    const { items } = await ask<Page<Guild>>('/api/guilds');
    const isRead =
      items.length > 0 &&
      items.every(({ states }) => states.read > 0 && states.waiting + states.scanning === 0);
    stillness = isRead ? stillness + 1 : 0;
  }
}
