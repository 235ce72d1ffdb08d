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
 */
export class EventStream {
  readonly #options: StreamOptions;
  readonly #told = new Set<string>();
  #waiting: News | null = null;
  #wake: (() => void) | null = null;
  #writtenAt = 0;
  #resetAt = Number.NEGATIVE_INFINITY; // by the clock's monotonic time
  /** As of which look something was left out, and nobody was told so; null: nothing was. */
  #cutUntil: string | null = null;

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
    await this.#resume();
    while (!signal.aborted && !stream.aborted && clock.monotonic() < endsAt) {
      await this.#tellCut();
      const news = this.#waiting;
      this.#waiting = null;
      if (news) await this.#tell(news);
      else await this.#untilNews();
      if (clock.monotonic() - this.#writtenAt >= HEARTBEAT_MS) await this.#write(': still here\n\n');
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

  /** Begins with what a stream before this one did not hear any more. */
  async #resume(): Promise<void> {
    const { services, lastEventId } = this.#options;
    await this.#write('retry: 3000\n\n');
    const heardAt = Date.parse(EVENT_ID.exec(lastEventId ?? '')?.[0] ?? '');
    if (Number.isNaN(heardAt)) return;
    const isLate = services.clock.now() - heardAt > MAX_RESUME_MS;
    const since = new Date(heardAt).toISOString(); // what JavaScript takes for a time, PostgreSQL may not
    const { until, runs, guilds, hasVideos, isCut } = await readChanges(services.db, isLate ? null : since);
    if (isLate || isCut) return this.#reset(until);
    const ids = { runIds: runs.map(({ id }) => id), guildIds: guilds.map(({ id }) => id) };
    await this.#tell({ since, until, ...ids, hasVideos, isCut });
  }

  async #tell({ since, until, runIds, guildIds, hasVideos, isCut }: News): Promise<void> {
    const { services, viewer } = this.#options;
    const { db, access, clock } = services;
    if (isCut) this.#cutUntil = until;
    if (runIds.length === 0 && guildIds.length === 0 && !hasVideos) return;
    const sight = await access.prepareSight(viewer);
    const seenGuilds = guildIds.length > 0 ? await filterSeenGuilds(db, sight, guildIds) : [];
    for (const id of seenGuilds) await this.#send('guild', { id }, until);
    const runs = runIds.length > 0 ? await findRuns(db, sight, runIds) : [];
    for (const run of runs) await this.#send('run', toRun(run, new Date(clock.now())), until);
    if (!hasVideos) return;
    const videos = (await listFoundVideos(db, sight, since, MAX_VIDEOS)).map(toVideo);
    const untold = videos.filter((video) => !this.#told.has(video.cursor));
    for (const video of untold.toReversed()) await this.#send('video', video, until);
    this.#remember(untold.map((video) => video.cursor));
    if (videos.length === MAX_VIDEOS && untold.length > 0) this.#cutUntil = until;
  }

  /** A look that was full may have left videos out, whether or not some of it had been told before. */
  async #tellCut(): Promise<void> {
    const isDue = this.#options.services.clock.monotonic() - this.#resetAt >= RESET_EVERY_MS;
    if (this.#cutUntil !== null && isDue) await this.#reset(this.#cutUntil);
  }

  async #reset(until: string): Promise<void> {
    this.#cutUntil = null;
    this.#resetAt = this.#options.services.clock.monotonic();
    await this.#send('reset', {}, until);
  }

  #remember(cursors: readonly string[]): void {
    for (const cursor of cursors) this.#told.add(cursor);
    for (const oldest of this.#told) {
      if (this.#told.size <= MAX_REMEMBERED) return;
      this.#told.delete(oldest);
    }
  }

  async #send(event: string, data: object, id: string): Promise<void> {
    await this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\nid: ${id}\n\n`);
  }

  async #write(text: string): Promise<void> {
    await this.#options.stream.write(text);
    this.#writtenAt = this.#options.services.clock.monotonic();
  }
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
