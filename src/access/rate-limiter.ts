import { createHmac } from 'node:crypto';
import type { Queryable } from '../db/database.ts';
import { type Allowance, takeAllowance } from '../db/rate-limits.ts';
import type { Subkey } from './instance-key.ts';

/** How often somebody may ask for something, over all processes that share the database and the instance's key. */
export class RateLimiter {
  readonly #db: Queryable;
  readonly #key: Buffer;

  constructor(db: Queryable, { key }: Subkey) {
    this.#db = db;
    this.#key = key;
  }

  /**
   * Null, or milliseconds until there is room. The allowance's key is stored as a keyed hash: an address could be found
   * out of a plain one by trying all of them. @throws DatabaseOutage: without the count nobody passes
   */
  async take({ key, count, perSecs }: Allowance): Promise<number | null> {
    const hashed = createHmac('sha256', this.#key).update(key).digest('base64url');
    return takeAllowance(this.#db, { key: hashed, count, perSecs });
  }
}
