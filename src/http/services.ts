import type { Database } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { FreshLinks } from '../library/fresh-links.ts';

/** What the handlers work with. */
export type Services = {
  db: Database;
  links: FreshLinks;
  log: Logger;
  clock: Clock;
  /** Where videos and stills may be fetched from, besides this server. */
  cdnOrigins: readonly string[];
  isSandbox: boolean;
};
