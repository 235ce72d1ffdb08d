import type { Random } from './random.ts';
import { DAY_MS, HOUR_MS } from './world-time.ts';

/** How much is posted in each hour of the day (UTC): quiet nights, lunch breaks, busy evenings. */
const hourWeights = [5, 3, 2, 1, 1, 1, 2, 4, 5, 6, 7, 8, 10, 9, 8, 9, 11, 14, 18, 22, 24, 22, 16, 9];
/** Sunday to Saturday. */
const dayWeights = [14, 8, 8, 9, 10, 13, 16];
const WEEK_MS = 7 * DAY_MS;
const QUIET_WEEK_CHANCE = 0.12;
const BUSY_WEEK_CHANCE = 0.06;
/** A session starts at the latest this long before the end, so that its last message still lies before it. */
const LONGEST_SESSION_MS = 2 * HOUR_MS;
const MAX_SESSION_MESSAGES = 18;
const LONGEST_GAP_MS = 4 * 60_000;

/** One message to come: when, and whether it opens a conversation. */
export type Beat = { timeMs: number; isOpener: boolean };

/**
 * `count` moments between two times, rising by at least a millisecond: conversations of some messages each,
 * mostly in the evening, with busy and silent weeks and a community that slowly grows.
 */
export function makeBeats(random: Random, fromMs: number, toMs: number, count: number): Beat[] {
  const beats: Beat[] = [];
  const pickStart = startPicker(random, fromMs, toMs - LONGEST_SESSION_MS);
  while (beats.length < count) {
    let timeMs = pickStart();
    const length = Math.min(count - beats.length, 1 + Math.floor(random.next() ** 2 * MAX_SESSION_MESSAGES));
    for (let place = 0; place < length; place += 1) {
      beats.push({ timeMs, isOpener: place === 0 });
      timeMs += 3000 + Math.floor(random.next() ** 3 * LONGEST_GAP_MS);
    }
  }
  beats.sort((a, b) => a.timeMs - b.timeMs);
  let lastMs = 0;
  for (const beat of beats) {
    beat.timeMs = Math.max(beat.timeMs, lastMs + 1);
    lastMs = beat.timeMs;
  }
  return beats;
}

function startPicker(random: Random, fromMs: number, toMs: number): () => number {
  const weeks = Math.max(1, Math.ceil((toMs - fromMs) / WEEK_MS));
  const sums: number[] = [];
  let sum = 0;
  for (let week = 0; week < weeks; week += 1) {
    const growth = 0.4 + week / weeks;
    const mood = random.chance(QUIET_WEEK_CHANCE)
      ? 0.05
      : random.chance(BUSY_WEEK_CHANCE)
        ? 3
        : 0.5 + random.next();
    sum += growth * mood;
    sums.push(sum);
  }
  return () => {
    const week = indexOfSum(sums, random.next() * sum);
    const day = pickIndex(dayWeights, random.next());
    const hour = pickIndex(hourWeights, random.next());
    const start = fromMs + week * WEEK_MS;
    const midnight = start - (start % DAY_MS);
    const daysAhead = (day - new Date(midnight).getUTCDay() + 7) % 7;
    const timeMs = midnight + daysAhead * DAY_MS + hour * HOUR_MS + Math.floor(random.next() * HOUR_MS);
    return timeMs < fromMs || timeMs > toMs ? fromMs + Math.floor(random.next() * (toMs - fromMs)) : timeMs;
  };
}

function pickIndex(weights: readonly number[], draw: number): number {
  let rest = draw * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => {
      rest -= weight;
      return rest < 0;
    }),
  );
}

function indexOfSum(sums: readonly number[], value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
