import { expect, test } from 'vitest';
import { INVALID_STOP_AT, INVALID_WINDOW_MS, InvalidRequestBudget } from './invalid-request-budget.ts';

function budgetAt(start: number) {
  const time = { now: start };
  const clock = { now: () => 0, monotonic: () => time.now, sleep: async () => {} };
  const budget = new InvalidRequestBudget(clock);
  const refuse = (count: number, share = '') => {
    for (let n = 0; n < count; n += 1) budget.add(share);
  };
  return { time, budget, refuse };
}

test('stops well before 10,000 within 10 minutes', () => {
  const { time, budget } = budgetAt(0);
  let sent = 0;
  for (; time.now < INVALID_WINDOW_MS; time.now += 20) {
    if (budget.waitMs('interactive', '') > 0) continue;
    budget.add('');
    sent += 1;
  }
  expect(sent).toBe(INVALID_STOP_AT);
  expect(sent).toBeLessThanOrEqual(5_000);
});

test('opens again when the oldest left the window, not earlier', () => {
  const { time, budget, refuse } = budgetAt(1_000);
  refuse(INVALID_STOP_AT);
  const waitMs = budget.waitMs('interactive', '');
  expect(waitMs).toBeGreaterThanOrEqual(INVALID_WINDOW_MS);
  time.now += waitMs - 1;
  expect(budget.waitMs('interactive', '')).toBe(1);
  time.now += 1;
  expect(budget.waitMs('interactive', '')).toBe(0);
});

test('a slow trickle never stops', () => {
  const { time, budget } = budgetAt(0);
  for (let n = 0; n < 20_000; n += 1) {
    time.now += 1_000;
    budget.add('');
    expect(budget.waitMs('interactive', '')).toBe(0);
  }
});

test('one guild stops itself in the background, and neither other guilds nor what somebody waits for', () => {
  const { time, budget, refuse } = budgetAt(0);
  refuse(499, 'closed');
  expect(budget.waitMs('background', 'closed')).toBe(0);
  time.now += 20_000;
  refuse(1, 'closed');
  expect(budget.waitMs('background', 'closed')).toBe(INVALID_WINDOW_MS - 10_000);
  expect(budget.waitMs('interactive', 'closed')).toBe(0);
  expect(budget.waitMs('background', 'other')).toBe(0);
  expect(budget.waitMs('background', '')).toBe(0);
});

test('many guilds together stop the background, and leave a rest to what somebody waits for', () => {
  const { budget, refuse } = budgetAt(0);
  for (let guild = 0; guild < 10; guild += 1) refuse(300, `guild ${guild}`);
  expect(budget.waitMs('background', 'other')).toBeGreaterThan(0);
  expect(budget.waitMs('background', '')).toBeGreaterThan(0);
  expect(budget.waitMs('interactive', 'guild 1')).toBe(0);
  refuse(1_000);
  expect(budget.waitMs('interactive', 'guild 1')).toBeGreaterThan(0);
});
