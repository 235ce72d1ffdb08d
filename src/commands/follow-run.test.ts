import { expect, test } from 'vitest';
import type { Run } from '../http/contract.ts';
import { progressText } from './follow-run.ts';

const run: Run = {
  ...{
    id: 'r',
    channelId: '1',
    channelName: 'clips',
    guildId: '2',
    status: 'running',
    requestedBy: 'person',
  },
  ...{ afterMessageId: null, beforeMessageId: null, messagesScanned: '1200', messagesMatched: '30' },
  ...{ videosFound: '31', indexFound: '0', indexMissed: '0', reachedAt: '2024-01-02T03:04:05.000Z' },
  ...{
    progress: 0.428,
    messagesPerSecond: 95.4,
    etaSecs: 250,
    reason: null,
    parked: null,
    errorMessage: null,
  },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', startedAt: null, finishedAt: null },
};

test('a run that moves tells how far it is, how fast, and how long it takes', () => {
  expect(progressText(run)).toBe(
    '42 %, 1,200 messages, 31 videos, 95/s, back to 2024-01-02, about 4 min left',
  );
});

test('before the first page only what is known is told', () => {
  const start = { messagesScanned: '0', videosFound: '0', reachedAt: null, progress: null };
  expect(progressText({ ...run, ...start, messagesPerSecond: null, etaSecs: null })).toBe(
    '0 messages, 0 videos',
  );
  expect(progressText({ ...run, status: 'queued' })).toBe('queued');
});

test('a run that waits says why and until when', () => {
  const until = new Date(2026, 0, 1, 21, 10).toISOString();
  const parked = { reason: 'rate_limited', until, message: 'Discord asked for a longer wait' };
  expect(progressText({ ...run, parked, etaSecs: null })).toBe(
    '42 %, 1,200 messages, 31 videos, back to 2024-01-02, waits until 21:10: Discord asked for a longer wait',
  );
});
