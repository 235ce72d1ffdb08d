import { expect, test } from 'vitest';
import { channelTypeOf, holdsMessages, holdsThreads, isThread } from './channel-types.ts';

test.each([
  [0, 'text', true, false, true],
  [2, 'voice', true, false, false],
  [4, 'category', false, false, false],
  [5, 'announcement', true, false, true],
  [10, 'announcement_thread', true, true, false],
  [11, 'public_thread', true, true, false],
  [12, 'private_thread', true, true, false],
  [13, 'stage', true, false, false],
  [15, 'forum', false, false, true],
  [16, 'media', false, false, true],
  [1, 'unknown_1', false, false, false],
  [3, 'unknown_3', false, false, false],
  [14, 'unknown_14', false, false, false],
  [99, 'unknown_99', false, false, false],
])('%i is %s (messages: %s, thread: %s, threads: %s)', (number, name, messages, thread, threads) => {
  expect(channelTypeOf(number)).toBe(name);
  expect(holdsMessages(name)).toBe(messages);
  expect(isThread(name)).toBe(thread);
  expect(holdsThreads(name)).toBe(threads);
});
