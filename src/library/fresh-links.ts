import type { StoredLink } from '../db/video-links.ts';
import { TimedSet } from '../lib/timed-set.ts';
import { type Refusal, refusalOf } from './discord-refusal.ts';
import {
  MAX_URLS_PER_REQUEST,
  type MessageKey,
  type RefreshContext,
  type Refreshed,
  refreshByFetching,
  refreshBySigning,
} from './refresh-links.ts';
import { isUsable } from './signed-link.ts';

export type { LinkSource } from './refresh-links.ts';

/** A link that plays now, or why there is none. */
export type LinkState =
  | { state: 'ready'; url: string; proxyUrl: string | null; expiresAt: Date | null }
  | Refusal;

const BATCH_DELAY_MS = 15; // a page of posters asks within a few milliseconds: they share one request
const FETCH_CONCURRENCY = 4; // messages of one batch that are fetched side by side
const VERIFY_INTERVAL_MS = 20_000; // a player that fails on a link just verified learns nothing from asking again
const CLOSED_PAUSE_MS = 30_000; // Discord counts what it refuses, and bans whoever goes on asking for it
const MAX_REMEMBERED = 1_000; // verified messages, and channels that are closed to us
const NOT_OFFERED_MS = 10 * 60_000; // before a refused refresh-urls is tried again
const EMPTY_ANSWER_RETRY_MS = 5_000;

type Ticket = { key: MessageKey; settle: (result: Refreshed | Promise<Refreshed>) => void };

/**
 * Keeps the links of video files playable. Requests for one message share one refresh, and messages that are asked
 * for at the same time share one request to Discord (`attachments/refresh-urls`); where Discord does not offer that,
 * or leaves a file out, the message is fetched.
 */
export class FreshLinks {
  readonly #context: RefreshContext;
  readonly #inFlight = new Map<string, Promise<Refreshed>>();
  /** Messages that have just been fetched. */
  readonly #verified: TimedSet;
  /** Channels none of whose messages is fetched for a while. */
  readonly #closed: TimedSet;
  #tickets: Ticket[] = [];
  #signingRefusedUntil = Number.NEGATIVE_INFINITY;

  constructor(context: RefreshContext) {
    this.#context = context;
    this.#verified = new TimedSet(context.clock, MAX_REMEMBERED);
    this.#closed = new TimedSet(context.clock, MAX_REMEMBERED);
  }

  /**
   * @param isDoubted A viewer could not play the stored link, whatever its expiry says: the message is fetched, which
   * also shows whether the file still exists.
   */
  async linkOf(file: StoredLink, isDoubted = false): Promise<LinkState> {
    if (file.is_deleted) return { state: 'deleted' };
    const now = this.#context.clock.now();
    const isChecked = !isDoubted || this.#verified.has(file.message_id);
    if (isChecked && isUsable(file.url_expires_at, now))
      return ready(file.url, file.proxy_url, file.url_expires_at);
    const refreshed = await this.#refresh(
      { channelId: file.channel_id, messageId: file.message_id },
      isDoubted,
    );
    if (refreshed.state !== 'fresh') return refreshed;
    if (refreshed.removedIds.has(file.id)) return { state: 'deleted' };
    const link = refreshed.links.get(file.id);
    if (link) return ready(link.url, link.proxyUrl, link.expiresAt);
    return { state: 'unavailable', retryAfterMs: EMPTY_ANSWER_RETRY_MS };
  }

  #refresh(key: MessageKey, isDoubted: boolean): Promise<Refreshed> {
    const running = this.#inFlight.get(key.messageId);
    if (running) return running;
    const refresh = isDoubted ? this.#fetch(key) : this.#enqueue(key);
    const settled = refresh.finally(() => this.#inFlight.delete(key.messageId));
    this.#inFlight.set(key.messageId, settled);
    return settled;
  }

  #enqueue(key: MessageKey): Promise<Refreshed> {
    const { promise, settle } = deferred<Refreshed>();
    this.#tickets.push({ key, settle });
    if (this.#tickets.length === MAX_URLS_PER_REQUEST) this.#flush();
    else if (this.#tickets.length === 1) void this.#flushSoon();
    return promise;
  }

  async #flushSoon(): Promise<void> {
    const { clock, signal } = this.#context;
    // An abort flushes at once: the requests then fail with it, and nobody waits for an answer that never comes.
    await clock.sleep(BATCH_DELAY_MS, signal).catch(() => {});
    this.#flush();
  }

  #flush(): void {
    const batch = this.#tickets;
    this.#tickets = [];
    if (batch.length === 0) return;
    const signed = this.#sign(batch.map(({ key }) => key.messageId));
    for (let lane = 0; lane < FETCH_CONCURRENCY; lane++) {
      void this.#settleLane(
        signed,
        batch.filter((_, index) => index % FETCH_CONCURRENCY === lane),
      );
    }
  }

  /** One after the other, so that a server without refresh-urls is not met with a burst of single fetches. */
  async #settleLane(signed: Promise<Map<string, Refreshed>>, tickets: Ticket[]): Promise<void> {
    for (const { key, settle } of tickets) {
      const result = signed.then((links) => links.get(key.messageId) ?? this.#fetch(key));
      settle(result);
      await result.catch(() => {}); // whoever holds the ticket sees the failure
    }
  }

  async #sign(messageIds: string[]): Promise<Map<string, Refreshed>> {
    const { clock } = this.#context;
    if (clock.monotonic() < this.#signingRefusedUntil) return new Map();
    try {
      const links = await refreshBySigning(this.#context, messageIds);
      if (links !== null) return links;
      this.#signingRefusedUntil = clock.monotonic() + NOT_OFFERED_MS;
      return new Map();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      return new Map(messageIds.map((messageId) => [messageId, refusal]));
    }
  }

  async #fetch(key: MessageKey): Promise<Refreshed> {
    if (this.#closed.has(key.channelId)) return { state: 'no_access' };
    const refreshed = await refreshByFetching(this.#context, key);
    if (refreshed.state === 'fresh') this.#verified.add(key.messageId, VERIFY_INTERVAL_MS);
    if (refreshed.state === 'no_access') this.#closed.add(key.channelId, CLOSED_PAUSE_MS);
    return refreshed;
  }
}

function ready(url: string, proxyUrl: string | null, expiresAt: Date | null): LinkState {
  return { state: 'ready', url, proxyUrl, expiresAt };
}

function deferred<Value>() {
  let settle: (value: Value | Promise<Value>) => void = () => {};
  const promise = new Promise<Value>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
