import { expect, test } from 'vitest';
import { createSession, dispatch, missedEvents } from './session.ts';

test('events are numbered from one, sent, and kept for whoever resumes', () => {
  const sent: string[] = [];
  const session = createSession(0, [0, 1], { send: (text) => sent.push(text) });
  for (const name of ['READY', 'A', 'B']) dispatch(session, name, {});
  session.outlet = undefined;
  dispatch(session, 'C', { n: 1 });
  expect(sent).toHaveLength(3);
  expect(missedEvents(session, 3)).toEqual(['{"t":"C","s":4,"op":0,"d":{"n":1}}']);
  expect(missedEvents(session, 4)).toEqual([]);
  expect(missedEvents(session, 0)).toHaveLength(4);
});

test('what is older than the kept events cannot be resumed', () => {
  const session = createSession(0, [0, 1], { send: () => {} });
  for (let n = 0; n < 5001; n += 1) dispatch(session, 'E', {});
  expect(missedEvents(session, 0)).toBeUndefined();
  expect(missedEvents(session, 1)).toHaveLength(5000);
});

test('kept events are bounded in bytes too', () => {
  const session = createSession(0, [0, 1], { send: () => {} });
  for (let n = 0; n < 20; n += 1) dispatch(session, 'E', 'x'.repeat(1024 * 1024));
  expect(session.kept.length).toBeLessThan(9);
  expect(session.keptBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
});
