import { type Changes, readChanges } from '../db/changes.ts';
import type { Queryable } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';

/** What has changed since the look before: ids alone, of everything. Who follows sees of it what their sight shows. */
export type News = {
  /** By the database, ISO 8601. */
  since: string;
  until: string;
  runIds: readonly string[];
  guildIds: readonly string[];
  hasVideos: boolean;
  /** More has changed than is told of one by one. */
  isCut: boolean;
};

export type EventFeedOptions = { db: Queryable; clock: Clock; log: Logger; signal: AbortSignal };

const LOOK_EVERY_MS = 1_000;
const MAX_FOLLOWERS = 1_000; // of this process
const MAX_FOLLOWERS_OF_USER = 10; // tabs that are open

/**
 * Looks for changes once a second for all who follow the events of this process, and not at all while nobody does. It
 * tells each of them the same, first of all from when on; nothing depends on a notification of the database.
 */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #followers = new Map<(news: News) => void, string>();
  #isLooking = false;
  /** By id, as of the last look. */
  #marks = new Map<string, string>();
  #until: string | null = null;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  /** Whether one more may follow, of all and of this user. */
  hasRoom(userId: string): boolean {
    const own = [...this.#followers.values()].filter((id) => id === userId);
    return this.#followers.size < MAX_FOLLOWERS && own.length < MAX_FOLLOWERS_OF_USER;
  }

  /** Of all that happened until then, by the database, those who follow were told; null: they were told nothing yet. */
  get until(): string | null {
    return this.#until;
  }

  /** Answers how to stop. */
  follow(userId: string, onNews: (news: News) => void): () => void {
    this.#followers.set(onNews, userId);
    if (this.#until !== null) onNews(beginAt(this.#until));
    if (!this.#isLooking) void this.#look();
    return () => this.#followers.delete(onNews);
  }

  async #look(): Promise<void> {
    const { db, clock, log, signal } = this.#options;
    this.#isLooking = true;
    while (this.#followers.size > 0 && !signal.aborted) {
      try {
        this.#tell(await readChanges(db, this.#until));
      } catch (error) {
        log.debug({ err: messageOf(error) }, 'events wait for the database');
      }
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {}); // aborted
    }
    this.#isLooking = false;
    this.#until = null;
    this.#marks = new Map();
  }

  /** The first look is what the next one is compared with. */
  #tell({ until, runs, guilds, hasVideos, isCut }: Changes): void {
    const marks = new Map([...runs, ...guilds].map(({ id, mark }) => [id, mark]));
    const isNew = ({ id, mark }: { id: string; mark: string }) => this.#marks.get(id) !== mark;
    const since = this.#until;
    const ids = { runIds: idsOf(runs.filter(isNew)), guildIds: idsOf(guilds.filter(isNew)) };
    this.#marks = marks;
    this.#until = until;
    const isAnything = hasVideos || isCut || ids.runIds.length > 0 || ids.guildIds.length > 0;
    if (since !== null && !isAnything) return;
    const news = since === null ? beginAt(until) : { since, until, ...ids, hasVideos, isCut };
    for (const tell of this.#followers.keys()) tell(news);
  }
}

/** No news, but from when on there will be. */
function beginAt(until: string): News {
  return { since: until, until, runIds: [], guildIds: [], hasVideos: false, isCut: false };
}

function idsOf(items: readonly { id: string }[]): string[] {
  return items.map(({ id }) => id);
}
