import type { Clock } from '../lib/clock.ts';
import { LanePace } from './lane-pace.ts';
import { RoutePace } from './route-pace.ts';
import { TurnQueue } from './turn-queue.ts';

/** The requests of one route for one channel or guild: one at a time, at the pace that Discord grants it. */
export type Lane = {
  routeName: string;
  route: RoutePace;
  pace: LanePace;
  turns: TurnQueue;
  /** Requests that wait or travel, counted by whoever sends them: as long as there are any, the lane is not forgotten. */
  underWay: number;
};

const SWEEP_EVERY = 1_000; // lanes asked for between two looks for idle ones

export class Lanes {
  readonly #clock: Clock;
  readonly #routes = new Map<string, RoutePace>();
  readonly #lanes = new Map<string, Lane>();
  #asked = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(routeName: string, resource: string): Lane {
    this.#asked += 1;
    if (this.#asked % SWEEP_EVERY === 0) this.#sweep();
    const key = `${routeName} ${resource}`;
    const known = this.#lanes.get(key);
    if (known) return known;
    const route = this.#routes.get(routeName) ?? new RoutePace();
    this.#routes.set(routeName, route);
    const lane = { routeName, route, pace: new LanePace(), turns: new TurnQueue(), underWay: 0 };
    this.#lanes.set(key, lane);
    return lane;
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const [key, lane] of this.#lanes) {
      if (lane.underWay === 0 && lane.pace.isForgettable(now)) this.#lanes.delete(key);
    }
  }
}
