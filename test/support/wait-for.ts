import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;
const DEADLINE_MS = 40_000; // generous: a busy machine is slow, and a test that waits in vain fails anyway

/** Waits until the condition holds; fails with its text when that takes too long. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`after ${deadlineMs} ms still false: ${condition}`);
    await delay(POLL_MS);
  }
}
