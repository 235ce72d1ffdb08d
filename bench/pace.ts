import { setTimeout as delay } from 'node:timers/promises';
import type { DiscordRest } from '../src/discord/rest.ts';
import type { Figure } from './main.ts';
import { channelIds, type LimitedChild, openRest, startLimitedChild } from './pace/limited-child.ts';
import type { Arrivals, Limits } from './pace/limited-server.ts';
import { median } from './scan/median.ts';

const RUNS = 3;
const WINDOWS = 3; // of the limit of a channel that are measured in each run
const WINDOW_MS = 5_000;
const PER_CHANNEL = { limit: 5, windowMs: WINDOW_MS };
const PER_SECOND = 50;
const RUN_MS = WINDOWS * WINDOW_MS + 1_500;
const LATENCY_MS = 80;
const STALL_RUN_MS = 8_000;
const STALLS_MS = [50, 120, 200, 80];
const STALL_EVERY_MS = 700;

type Scenario = {
  name: string;
  channels: number;
  limits: Pick<Limits, 'perSecond' | 'headers'>;
  /** Percent of the limit, at least. */
  goal: number;
  refusedAtMost: number;
};

const scenarios: readonly Scenario[] = [
  scenario('1 channel at 5 per 5 s', 1, 97),
  scenario('16 channels at 5 per 5 s', 16, 97),
  scenario('128 channels under 50/s', 128, 96, { perSecond: PER_SECOND }),
  scenario('16 channels, headers that promise 999 of 1,000', 16, 95, { headers: 'lying', refusedAtMost: 1 }),
];

/**
 * What share of Discord's limits the pacing uses, and what it is refused: every run begins with nothing learned. All
 * scenarios of a run are measured side by side, each with a client of its own.
 */
export async function bench(): Promise<Figure[]> {
  await using child = startLimitedChild();
  const runs: { share: number; refused: number }[][] = [];
  for (let run = 0; run < RUNS; run += 1) {
    runs.push(await Promise.all(scenarios.map((one) => measure(one, child))));
  }
  const figures = scenarios.flatMap(({ name, goal, refusedAtMost }, index) => {
    const ofScenario = runs.flatMap((run) => run[index] ?? []);
    const share = median(ofScenario.map((one) => one.share));
    const refused = Math.max(...ofScenario.map((one) => one.refused));
    return [shareFigure(name, share, goal), refusedFigure(name, refused, refusedAtMost)];
  });
  return [...figures, ...(await stalledFigures(child))];
}

async function measure(
  { channels, limits }: Scenario,
  child: LimitedChild,
): Promise<{ share: number; refused: number }> {
  const server = { perLane: PER_CHANNEL, latencyMs: LATENCY_MS, page: 'empty', ...limits } as const;
  const arrivals = await crawl(child, server, channels, RUN_MS);
  const share = limits.perSecond === null ? shareOfLanes(arrivals) : shareOfSecond(arrivals);
  return { share, refused: arrivals.refused };
}

/** 128 channels by a process whose event loop is held up again and again, as on a busy machine. */
async function stalledFigures(child: LimitedChild): Promise<Figure[]> {
  const ended = new AbortController();
  const stalling = stall(ended.signal);
  const limits: Limits = {
    perSecond: PER_SECOND,
    perLane: PER_CHANNEL,
    headers: 'honest',
    latencyMs: LATENCY_MS,
    page: 'empty',
  };
  const arrivals = await crawl(child, limits, 128, STALL_RUN_MS);
  ended.abort();
  await stalling;
  const name = '128 channels in a process that stalls for 50 to 200 ms';
  return [shareFigure(name, shareOfSecond(arrivals), null), refusedFigure(name, arrivals.refused, 0)];
}

/** Reads all channels, one page after the other, for that time. */
async function crawl(child: LimitedChild, limits: Limits, count: number, ms: number): Promise<Arrivals> {
  const apiUrl = await child.open(limits);
  const rest = openRest(apiUrl);
  const end = new AbortController();
  const lanes = channelIds(count).map((id, n) => readForEver(rest, id, String(n % 2), end.signal));
  await delay(ms);
  end.abort();
  await Promise.all(lanes);
  await rest.close();
  return child.arrivalsAt(apiUrl);
}

async function readForEver(
  rest: DiscordRest,
  channelId: string,
  guildId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) await rest.listMessages(channelId, { limit: 100 }, { signal, guildId });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function stall(signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    await delay(STALL_EVERY_MS);
    const until = performance.now() + (STALLS_MS[n % STALLS_MS.length] ?? 0);
    while (performance.now() < until);
  }
}

/** How long the windows took in which each channel sent its full limit, in percent; the mean of the channels. */
function shareOfLanes({ accepted }: Arrivals): number {
  const shares = Object.values(accepted).map((times) => {
    const first = times[0] ?? Number.NaN;
    const next = times[PER_CHANNEL.limit * WINDOWS] ?? Number.POSITIVE_INFINITY;
    return (100 * WINDOWS * WINDOW_MS) / (next - first);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function shareOfSecond({ accepted }: Arrivals): number {
  const times = Object.values(accepted)
    .flat()
    .sort((a, b) => a - b);
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return (100 * (times.length - 1)) / ((spanMs / 1_000) * PER_SECOND);
}

function scenario(
  name: string,
  channels: number,
  goal: number,
  rest: { perSecond?: number; headers?: Limits['headers']; refusedAtMost?: number } = {},
): Scenario {
  const { perSecond = null, headers = 'honest', refusedAtMost = 0 } = rest;
  return { name, channels, goal, limits: { perSecond, headers }, refusedAtMost };
}

function shareFigure(name: string, share: number, goal: number | null): Figure {
  const value = Math.round(share * 10) / 10;
  return { name: `${name}: share`, value, unit: '%', baseline: 100, goal, holds: value >= (goal ?? 0) };
}

function refusedFigure(name: string, refused: number, goal: number): Figure {
  return {
    name: `${name}: refused (429)`,
    value: refused,
    unit: 'a run',
    baseline: null,
    goal,
    holds: refused <= goal,
  };
}
