import type { SSEStreamingApi } from 'hono/streaming';
import type { Viewer } from '../access/viewer.ts';
import { filterSeenGuilds, readChanges } from '../db/changes.ts';
import { findRuns } from '../db/list-scan-runs.ts';
import { listFoundVideos } from '../db/videos-list.ts';
import type { News } from './event-feed.ts';
import { toRun } from './runs.ts';
import type { Services } from './services.ts';
import { toVideo } from './videos.ts';

export type StreamOptions = {
  services: Services;
  viewer: Viewer;
  stream: SSEStreamingApi;
  /** Where a stream before this one ended, as the browser tells; null: nowhere. */
  lastEventId: string | null;
  /** Whether the viewer is still logged in. */
  isStillIn: () => Promise<boolean>;
  signal: AbortSignal;
};

const HEARTBEAT_MS = 15_000; // proxies close what is silent for half a minute and more
const CHECK_MS = 30_000; // so long at most a session that has ended still hears
const MAX_LIFE_MS = 60 * 60_000; // then the browser connects anew, to whichever process
const MAX_VIDEOS = 100; // of one look; who finds more asks for the list anew
const RESET_EVERY_MS = 10_000; // so often it is told that some are missing, at most
const MAX_REMEMBERED = 2_000; // videos that were told, of the time that looks overlap
const MAX_RESUME_MS = 10 * 60_000; // later everything is asked for anew
const EVENT_ID = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/; // as we write them; others were not told by us

/**
 * One viewer's stream of events, from its begin to its end: what it missed since the last one → news as they come, each
 * seen through the viewer's sight of that moment → a heartbeat where there are none. What it cannot tell in full it says
 * by `reset`: the viewer asks for the lists anew.
 *
 * An id stands in a block of its own, behind all events of a look: browsers keep it and dispatch no event. So whoever is cut
 * off among them goes on before the first, and hears some of them twice.
 */
export class EventStream {
  readonly #options: StreamOptions;
  readonly #told = new Set<string>();
  #waiting: News | null = null;
  #wake: (() => void) | null = null;
  #writtenAt = 0;
  #resetAt = Number.NEGATIVE_INFINITY; // by the clock's monotonic time
  /** All that happened until then was told, but for what was left out; null: nothing was told yet. */
  #until: string | null = null;
  /** Something was left out, and the viewer was not told so. */
  #isCut = false;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** Called by the feed. What waits to be told is told together. */
  readonly take = (news: News): void => {
    const before = this.#waiting;
    this.#waiting = before === null ? news : merge(before, news);
    this.#wake?.();
  };

  async run(): Promise<void> {
    const { services, stream, signal, isStillIn } = this.#options;
    const { clock } = services;
    const endsAt = clock.monotonic() + MAX_LIFE_MS;
    let checkAt = clock.monotonic() + CHECK_MS;
    stream.onAbort(() => this.#wake?.()); // who leaves makes room for another at once
    await this.#write('retry: 3000\n\n');
    while (!signal.aborted && !stream.aborted && clock.monotonic() < endsAt) {
      await this.#tellCut();
      const news = this.#waiting;
      this.#waiting = null;
      if (news) await this.#tell(this.#until === null ? await this.#begin(news) : news);
      else await this.#untilNews();
      if (clock.monotonic() - this.#writtenAt >= HEARTBEAT_MS) await this.#beat();
      if (clock.monotonic() < checkAt) continue;
      if (!(await isStillIn())) return;
      checkAt = clock.monotonic() + CHECK_MS;
    }
  }

  /** Waits for news, or until a heartbeat is due. */
  async #untilNews(): Promise<void> {
    const { services, signal } = this.#options;
    const waiting = new AbortController();
    const end = () => waiting.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#wake = end;
    if (this.#waiting !== null || signal.aborted) end();
    const dueInMs = this.#writtenAt + HEARTBEAT_MS - services.clock.monotonic();
    await services.clock.sleep(Math.max(dueInMs, 0), waiting.signal).catch(() => {}); // woken
    this.#wake = null;
    signal.removeEventListener('abort', end);
  }

  /** Adds to the first news what a stream before this one did not tell any more. */
  async #begin(first: News): Promise<News> {
    const { services, lastEventId } = this.#options;
    const heardAt = Date.parse(EVENT_ID.exec(lastEventId ?? '')?.[0] ?? '');
    const lateMs = Date.parse(first.since) - heardAt; // below 0: another process has looked later than ours
    if (Number.isNaN(lateMs) || lateMs < 0) return first;
    const since = new Date(heardAt).toISOString(); // what JavaScript takes for a time, PostgreSQL may not
    const missed = lateMs > MAX_RESUME_MS ? null : await readChanges(services.db, since);
    this.#isCut = missed === null || missed.isCut;
    if (missed === null || missed.isCut) return first;
    const ids = { runIds: missed.runs.map(({ id }) => id), guildIds: missed.guilds.map(({ id }) => id) };
    return merge({ ...missed, since, ...ids }, first);
  }

  async #tell(news: News): Promise<void> {
    const isFirst = this.#until === null;
    if (news.isCut) this.#isCut = true;
    const events = await this.#readEvents(news);
    this.#until = news.until;
    if (events.length > 0 || isFirst) await this.#write(events.join('') + this.#place());
  }

  /** What the viewer sees of the news. */
  async #readEvents({ since, runIds, guildIds, hasVideos }: News): Promise<string[]> {
    const { services, viewer } = this.#options;
    const { db, access, clock } = services;
    if (runIds.length === 0 && guildIds.length === 0 && !hasVideos) return [];
    const sight = await access.prepareSight(viewer);
    const seenGuilds = guildIds.length > 0 ? await filterSeenGuilds(db, sight, guildIds) : [];
    const runs = runIds.length > 0 ? await findRuns(db, sight, runIds) : [];
    const videos = hasVideos ? (await listFoundVideos(db, sight, since, MAX_VIDEOS)).map(toVideo) : [];
    const untold = videos.filter((video) => !this.#told.has(video.cursor));
    this.#remember(untold.map((video) => video.cursor));
    // A look that was full may have left videos out, whether or not some of it had been told before.
    if (videos.length === MAX_VIDEOS && untold.length > 0) this.#isCut = true;
    return [
      ...seenGuilds.map((id) => eventOf('guild', { id })),
      ...runs.map((run) => eventOf('run', toRun(run, new Date(clock.now())))),
      ...untold.toReversed().map((video) => eventOf('video', video)),
    ];
  }

  /** Says now and then that something was left out. */
  async #tellCut(): Promise<void> {
    const now = this.#options.services.clock.monotonic();
    if (!this.#isCut || now - this.#resetAt < RESET_EVERY_MS) return;
    this.#isCut = false;
    this.#resetAt = now;
    await this.#write(eventOf('reset', {}) + this.#place());
  }

  async #beat(): Promise<void> {
    const { events } = this.#options.services;
    if (this.#until !== null && this.#waiting === null) this.#until = events.until ?? this.#until;
    await this.#write(`: still here\n\n${this.#place()}`);
  }

  /** From where a stream after this one goes on: not beyond what the viewer was not told of. */
  #place(): string {
    return this.#until === null || this.#isCut ? '' : `id: ${this.#until}\n\n`;
  }

  #remember(cursors: readonly string[]): void {
    for (const cursor of cursors) this.#told.add(cursor);
    for (const oldest of this.#told) {
      if (this.#told.size <= MAX_REMEMBERED) return;
      this.#told.delete(oldest);
    }
  }

  async #write(text: string): Promise<void> {
    await this.#options.stream.write(text);
    this.#writtenAt = this.#options.services.clock.monotonic();
  }
}

function eventOf(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function merge(before: News, news: News): News {
  return {
    since: before.since,
    until: news.until,
    runIds: [...new Set([...before.runIds, ...news.runIds])],
    guildIds: [...new Set([...before.guildIds, ...news.guildIds])],
    hasVideos: before.hasVideos || news.hasVideos,
    isCut: before.isCut || news.isCut,
  };
}
