import { expect, test } from 'vitest';
import { runPace } from './run-pace.ts';

const now = new Date('2026-03-01T12:00:00Z');
const inSecs = (secs: number) => new Date(now.getTime() + secs * 1_000);
const run = {
  status: 'running' as const,
  messagesScanned: 5_000n,
  workingMs: 50_000n,
  plannedSpanMs: 10_000_000n,
  remainingSpanMs: 8_000_000n,
  parkedReason: null,
  parkedUntil: null,
};

test.each<[string, Partial<Parameters<typeof runPace>[0]>, ReturnType<typeof runPace>]>([
  [
    'a fifth of the time in 50 s leaves four times as long',
    {},
    { progress: 0.2, messagesPerSecond: 100, etaSecs: 200 },
  ],
  [
    'nothing is told before the first page',
    { workingMs: 0n, messagesScanned: 0n, plannedSpanMs: null, remainingSpanMs: null },
    { progress: null, messagesPerSecond: null, etaSecs: null },
  ],
  [
    'a moment is no measure',
    { workingMs: 400n, messagesScanned: 100n },
    { progress: 0.2, messagesPerSecond: 250, etaSecs: null },
  ],
  [
    'a wait that Discord asked for is added',
    { parkedReason: 'rate_limited', parkedUntil: inSecs(1_800) },
    { progress: 0.2, messagesPerSecond: 100, etaSecs: 2_000 },
  ],
  [
    'nobody knows the end of an outage',
    { parkedReason: 'discord_unavailable', parkedUntil: inSecs(15) },
    { progress: 0.2, messagesPerSecond: 100, etaSecs: null },
  ],
  [
    'pages that close no hole yet tell no end',
    { remainingSpanMs: 10_000_000n },
    { progress: 0, messagesPerSecond: 100, etaSecs: null },
  ],
  [
    'holes that grew since they were planned are not less than nothing',
    { remainingSpanMs: 11_000_000n },
    { progress: 0, messagesPerSecond: 100, etaSecs: null },
  ],
  [
    'what had nothing to read is done',
    { plannedSpanMs: 0n, remainingSpanMs: 0n },
    { progress: 1, messagesPerSecond: 100, etaSecs: null },
  ],
  [
    'what has succeeded is done, and needs no time',
    { status: 'succeeded', plannedSpanMs: null, remainingSpanMs: null },
    { progress: 1, messagesPerSecond: 100, etaSecs: null },
  ],
  [
    'what has failed stays where it was',
    { status: 'failed' },
    { progress: 0.2, messagesPerSecond: 100, etaSecs: null },
  ],
])('%s', (_, given, expected) => {
  expect(runPace({ ...run, ...given }, now)).toEqual(expected);
});
