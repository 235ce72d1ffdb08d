import { expect, test } from 'vitest';
import { movesOn, scanStatuses, scanTransitions } from './scan-run-states.ts';

test('a final state has no way out, and no state leads back to the queue', () => {
  for (const status of ['succeeded', 'failed', 'canceled'] as const) {
    expect(Object.values(scanTransitions[status])).toEqual([null, null, null, null]);
  }
  for (const status of scanStatuses) expect(Object.values(scanTransitions[status])).not.toContain('queued');
});

test('a column of the table is told as pairs', () => {
  expect(movesOn('cancel')).toEqual({ from: ['queued', 'running'], to: ['canceled', 'canceled'] });
  expect(movesOn('succeed')).toEqual({ from: ['running'], to: ['succeeded'] });
});
