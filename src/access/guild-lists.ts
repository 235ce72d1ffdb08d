import type { Database } from '../db/database.ts';
import { replaceViewerGuilds } from '../db/viewer-guilds.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { TimedSet } from '../lib/timed-set.ts';
import type { Grants } from './grants.ts';
import { toToldGuild } from './login.ts';

export type GuildListsOptions = { db: Database; grants: Pick<Grants, 'use'>; clock: Clock; log: Logger };

const PATIENCE_MS = 4_000; // somebody waits for the page; the list that was read before has to do then
const RETRY_MS = { unavailable: 15_000, no_grant: 60_000 }; // of an API token nobody may be logged in
const MAX_PAUSED = 10_000; // users whose list could not be read

/** The lists of the guilds that viewers are in, as Discord tells each with the viewer's own token. */
export class GuildLists {
  readonly #options: GuildListsOptions;
  readonly #inFlight = new Map<string, Promise<boolean>>();
  readonly #paused: TimedSet;

  constructor(options: GuildListsOptions) {
    this.#options = options;
    this.#paused = new TimedSet(options.clock, MAX_PAUSED);
  }

  /** False: there is no newer list than the one that is known, and it is not asked for again for a while. */
  async refresh(userId: string): Promise<boolean> {
    const { clock } = this.#options;
    if (this.#paused.has(userId)) return false;
    const patience = new AbortController();
    const isOver = clock.sleep(PATIENCE_MS, patience.signal).then(
      () => false,
      () => false,
    );
    // What takes longer goes on: a token that is being refreshed must not be lost.
    const isRefreshed = await Promise.race([this.#share(userId), isOver]);
    patience.abort();
    if (!isRefreshed) this.#paused.add(userId, RETRY_MS.unavailable);
    return isRefreshed;
  }

  #share(userId: string): Promise<boolean> {
    const running = this.#inFlight.get(userId);
    if (running) return running;
    const refresh = this.#refresh(userId)
      .catch((error: unknown) => {
        this.#options.log.warn({ userId, err: messageOf(error) }, "a viewer's guilds could not be listed");
        return false;
      })
      .finally(() => this.#inFlight.delete(userId));
    this.#inFlight.set(userId, refresh);
    return refresh;
  }

  async #refresh(userId: string): Promise<boolean> {
    const { db, grants } = this.#options;
    const told = await grants.use(userId, (user, signal) => user.listGuilds(signal));
    if (told.kind !== 'done') {
      this.#paused.add(userId, RETRY_MS[told.kind]);
      return false;
    }
    await replaceViewerGuilds(db, userId, told.result.map(toToldGuild));
    return true;
  }
}
