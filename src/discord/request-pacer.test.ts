import { setMaxListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { RequestPacer } from './request-pacer.ts';
import type { Priority } from './turn-queue.ts';

const never = new AbortController().signal;
setMaxListeners(0, never); // hundreds of lanes share it
const LIMIT = 50;

/** Time that passes only when told, from one sleeper to the next. */
function virtualClock() {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms) => new Promise((resolve) => void sleepers.push({ at: now + ms, wake: resolve })),
  };
  /** Lets the time pass; after a stall nobody wakes before its end. */
  async function pass(until: number, stalls: readonly { at: number; ms: number }[] = []): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      const next = Math.min(...sleepers.map(({ at }) => at));
      if (next > until) return;
      const stall = stalls.find(({ at, ms }) => next >= at && next < at + ms);
      now = Math.max(now, stall ? stall.at + stall.ms : next);
      const due = sleepers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
    }
  }
  return { clock, pass };
}

type Trip = { writeMs?: number; thereMs: number; backMs: number };

/** A lane that sends one request after another until the clock stops, and notes when each arrived. */
async function crawl(
  pacer: RequestPacer,
  clock: Clock,
  share: string,
  arrivals: { at: number; share: string }[],
  trip: (now: number) => Trip,
): Promise<void> {
  for (;;) {
    const departure = await pacer.turn('background', share, never);
    const { writeMs = 0, thereMs, backMs } = trip(clock.now());
    if (writeMs > 0) await clock.sleep(writeMs);
    departure.left();
    await clock.sleep(thereMs);
    arrivals.push({ at: clock.now(), share });
    await clock.sleep(backMs);
    departure.ended(true);
  }
}

function mostInAnySecond(arrivals: readonly { at: number }[]): number {
  const times = arrivals.map(({ at }) => at).sort((a, b) => a - b);
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + 1_000).length));
}

async function arrivalsOf(
  lanes: number,
  seconds: number,
  trip: (now: number) => Trip,
  stalls: readonly { at: number; ms: number }[] = [],
) {
  const { clock, pass } = virtualClock();
  const pacer = new RequestPacer(clock, LIMIT);
  const arrivals: { at: number; share: string }[] = [];
  for (let lane = 0; lane < lanes; lane += 1) void crawl(pacer, clock, `guild ${lane}`, arrivals, trip);
  await pass(seconds * 1_000, stalls);
  return arrivals;
}

describe('the limit, as Discord sees it', () => {
  test('is used up to 98 %', async () => {
    const arrivals = await arrivalsOf(128, 20, () => ({ thereMs: 40, backMs: 40 }));
    expect(mostInAnySecond(arrivals)).toBeLessThanOrEqual(LIMIT);
    expect(arrivals.length / 20 / LIMIT).toBeGreaterThan(0.98);
  });

  test('holds when this process stalls, and little of the pace is lost', async () => {
    const stalls = Array.from({ length: 20 }, (_, n) => ({ at: 500 + n * 930, ms: 50 + (n % 4) * 50 }));
    const arrivals = await arrivalsOf(128, 20, () => ({ thereMs: 40, backMs: 40 }), stalls);
    expect(mostInAnySecond(arrivals)).toBeLessThanOrEqual(LIMIT);
    expect(arrivals.length / 20 / LIMIT).toBeGreaterThan(0.9);
  });

  test('holds when requests are written late, as on new connections', async () => {
    let n = 0;
    const arrivals = await arrivalsOf(128, 20, () => {
      n += 1;
      return { writeMs: n % 7 === 0 ? 180 : 0, thereMs: 40, backMs: 40 };
    });
    expect(mostInAnySecond(arrivals)).toBeLessThanOrEqual(LIMIT);
    expect(arrivals.length / 20 / LIMIT).toBeGreaterThan(0.8);
  });

  test('holds when all that is on its way is held up for a moment', async () => {
    const heldUntil = (at: number) => (at % 1_700 < 200 ? at - (at % 1_700) + 200 : at);
    const arrivals = await arrivalsOf(128, 20, (now) => ({
      thereMs: heldUntil(now + 40) - now,
      backMs: 40,
    }));
    expect(mostInAnySecond(arrivals)).toBeLessThanOrEqual(LIMIT);
    expect(arrivals.length / 20 / LIMIT).toBeGreaterThan(0.8);
  });

  test('is not given up for answers that merely take longer', async () => {
    let n = 0;
    const arrivals = await arrivalsOf(128, 20, () => {
      n += 1;
      return { thereMs: 40, backMs: n % 3 === 0 ? 400 : 60 };
    });
    expect(arrivals.length / 20 / LIMIT).toBeGreaterThan(0.94);
  });
});

describe('turns', () => {
  test('a guild with a hundred channels and one with five share evenly', async () => {
    const { clock, pass } = virtualClock();
    const pacer = new RequestPacer(clock, LIMIT);
    const arrivals: { at: number; share: string }[] = [];
    const trip = () => ({ thereMs: 10, backMs: 10 });
    for (let lane = 0; lane < 100; lane += 1) void crawl(pacer, clock, 'big', arrivals, trip);
    for (let lane = 0; lane < 5; lane += 1) void crawl(pacer, clock, 'small', arrivals, trip);
    await pass(10_000);
    const small = arrivals.filter(({ share }) => share === 'small').length;
    expect(small / arrivals.length).toBeGreaterThan(0.49);
    expect(small / arrivals.length).toBeLessThan(0.51);
  });

  test('a guild with one channel waits for hardly anybody', async () => {
    const { clock, pass } = virtualClock();
    const pacer = new RequestPacer(clock, LIMIT);
    const arrivals: { at: number; share: string }[] = [];
    for (let lane = 0; lane < 100; lane += 1) {
      void crawl(pacer, clock, 'big', arrivals, () => ({ thereMs: 10, backMs: 10 }));
    }
    void crawl(pacer, clock, 'small', arrivals, () => ({ thereMs: 40, backMs: 40 }));
    await pass(10_000);
    // At 80 ms a request, after the turn that is under way and at most one other.
    expect(arrivals.filter(({ share }) => share === 'small').length).toBeGreaterThan(10_000 / (80 + 60));
  });

  test('interactive requests wait for one turn, not for the guilds before them', async () => {
    const { clock, pass } = virtualClock();
    const pacer = new RequestPacer(clock, LIMIT);
    const order: string[] = [];
    const ask = async (share: string, priority: Priority) => {
      (await pacer.turn(priority, share, never)).ended(false);
      order.push(share);
    };
    for (let n = 0; n < 30; n += 1) void ask(`guild ${n}`, 'background');
    void ask('viewer', 'interactive');
    await pass(2_000);
    expect(order.indexOf('viewer')).toBe(1);
    expect(order).toHaveLength(31);
  });
});

test('a global refusal slows the pace down, and time restores it', async () => {
  const { clock, pass } = virtualClock();
  const pacer = new RequestPacer(clock, LIMIT);
  const arrivals: { at: number; share: string }[] = [];
  for (let lane = 0; lane < 128; lane += 1) {
    void crawl(pacer, clock, 'guild', arrivals, () => ({ thereMs: 40, backMs: 40 }));
  }
  const within = (from: number, to: number) => arrivals.filter(({ at }) => at >= from && at < to).length;
  await pass(5_000);
  pacer.pause(1_000);
  pacer.pause(1_000); // of the same moment: it counts once
  await pass(160_000);
  expect(within(7_000, 9_000) / 2).toBeLessThan(LIMIT * 0.75);
  expect(within(7_000, 9_000) / 2).toBeGreaterThan(LIMIT * 0.6);
  expect(within(150_000, 160_000) / 10).toBeGreaterThan(LIMIT * 0.97);
});
