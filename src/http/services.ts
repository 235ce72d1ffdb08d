import type { Access } from '../access/access.ts';
import type { Database } from '../db/database.ts';
import type { Doctor } from '../doctor/doctor.ts';
import type { ScheduledJobName } from '../jobs/jobs.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { FreshLinks } from '../library/fresh-links.ts';
import type { EventFeed } from './event-feed.ts';
import type { GatewayState } from './gateway-state.ts';
import type { Metrics } from './metrics-registry.ts';

/** What the actions work with. */
export type Services = {
  db: Database;
  links: FreshLinks;
  access: Access;
  events: EventFeed;
  metrics: Metrics;
  doctor: Doctor;
  /** Cron by the name of the job. */
  schedules: Readonly<Record<ScheduledJobName, string>>;
  log: Logger;
  clock: Clock;
  /** Aborts when the server is closing. */
  signal: AbortSignal;
  /** Where videos and stills may be fetched from, besides this server. */
  cdnOrigins: readonly string[];
  isSandbox: boolean;
  /** Null where another process has the gateway. */
  gatewayState: GatewayState | null;
  /** Where browsers reach the page, without a trailing slash; null: under whatever name of this machine they use. */
  publicUrl: string | null;
  origin: { isSecure: boolean };
  /** How many proxies stand before us; see `clientAddress`. */
  trustedProxies: number;
  /** Who may start an install. */
  installs: 'open' | 'operators';
};
