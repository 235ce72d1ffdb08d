import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../db/database.ts';
import { type InstanceCounts, readInstanceCounts } from '../db/metrics.ts';
import type { Clock } from '../lib/clock.ts';
import type { GatewayState } from './gateway-state.ts';

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]; // bounds of the histogram's buckets

/** What each count is called, and what it tells, in the words of Prometheus. */
const gauges: Record<keyof InstanceCounts, [name: string, help: string]> = {
  workers: ['clipdex_workers', 'Processes with the role worker that live'],
  gatewayShards: [
    'clipdex_gateway_shards',
    'Shards of all processes that were connected within the last minutes',
  ],
  guilds: ['clipdex_guilds', 'Guilds that the bot is in'],
  guildsAwaitingSetup: ['clipdex_guilds_awaiting_setup', 'Of these, those that nobody has set up'],
  channelsReading: ['clipdex_channels_reading', 'Channels and threads that are read'],
  messages: ['clipdex_messages', 'Messages processed so far'],
  videosEstimated: ['clipdex_videos_estimated', 'Rows of videos, as PostgreSQL estimates them'],
  runsQueued: ['clipdex_runs_queued', 'Scan runs that wait'],
  runsRunning: ['clipdex_runs_running', 'Scan runs under way'],
  runsParked: ['clipdex_runs_parked', 'Of these, those that wait for Discord'],
  jobsWaiting: ['clipdex_jobs_waiting', 'Jobs in the queue'],
  jobsRunning: ['clipdex_jobs_running', 'Jobs that are worked on'],
  sessions: ['clipdex_sessions', 'Sessions that have not expired'],
};

/** What operators measure this process and the instance by, in the form that Prometheus reads. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #counts = new Map<keyof InstanceCounts, Gauge>();
  readonly #gateway: Gauge;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'clipdex_http_request_seconds',
      help: 'Time until a request was answered',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    });
    for (const [key, [name, help]] of Object.entries(gauges)) {
      this.#counts.set(key as keyof InstanceCounts, new Gauge({ name, help, registers }));
    }
    const help = 'Shards of this process that are connected to the gateway';
    this.#gateway = new Gauge({ name: 'clipdex_gateway_shards_live', help, registers });
  }

  /** `route`: as the list of doors has it, never an address with ids. */
  noteRequest(method: string, route: string, status: number, secs: number): void {
    this.#requests.observe({ method, route, status }, secs);
  }

  async read(db: Database, gatewayState: GatewayState | null): Promise<string> {
    const counts = await readInstanceCounts(db);
    for (const [key, gauge] of this.#counts) gauge.set(counts[key]);
    this.#gateway.set(gatewayState?.liveShards().length ?? 0);
    return this.#registry.metrics();
  }
}

/** Times each request by the door that it came to; what came to none is one route together. */
export function measureRequests(metrics: Metrics, clock: Clock): MiddlewareHandler {
  return async (c, next) => {
    const beganAt = clock.monotonic();
    await next();
    const { method } = c.req;
    const route = routePath(c, -1);
    metrics.noteRequest(method, route, c.res.status, (clock.monotonic() - beganAt) / 1000);
  };
}
