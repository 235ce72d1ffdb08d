import { expect, test } from 'vitest';
import { INVALID_STOP_AT, INVALID_WINDOW_MS, InvalidRequestBudget } from './invalid-request-budget.ts';

function budgetAt(start: number) {
  const time = { now: start };
  const clock = { now: () => 0, monotonic: () => time.now, sleep: async () => {} };
  return { time, budget: new InvalidRequestBudget(clock) };
}

test('stops well before 10,000 within 10 minutes', () => {
  const { time, budget } = budgetAt(0);
  let sent = 0;
  for (; time.now < INVALID_WINDOW_MS; time.now += 20) {
    if (budget.waitMs() > 0) continue;
    budget.add();
    sent += 1;
  }
  expect(sent).toBe(INVALID_STOP_AT);
  expect(sent).toBeLessThanOrEqual(5_000);
});

test('opens again when the oldest left the window, not earlier', () => {
  const { time, budget } = budgetAt(1_000);
  for (let n = 0; n < INVALID_STOP_AT; n += 1) budget.add();
  const waitMs = budget.waitMs();
  expect(waitMs).toBeGreaterThanOrEqual(INVALID_WINDOW_MS);
  time.now += waitMs - 1;
  expect(budget.waitMs()).toBe(1);
  time.now += 1;
  expect(budget.waitMs()).toBe(0);
});

test('a slow trickle never stops', () => {
  const { time, budget } = budgetAt(0);
  for (let n = 0; n < 20_000; n += 1) {
    time.now += 1_000;
    budget.add();
    expect(budget.waitMs()).toBe(0);
  }
});
