import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import { linkSignals } from '../lib/linked-signal.ts';
import type { Logger } from '../lib/log.ts';
import type { DiscordError } from './discord-error.ts';
import { ACCEPTED_ENCODINGS, type Exchange, exchange, type HttpRequest } from './http-exchange.ts';
import { InvalidRequestBudget } from './invalid-request-budget.ts';
import { type Lane, Lanes } from './lanes.ts';
import { nothingPromised, readPromise, readRefusal } from './rate-limit.ts';
import { failureOf, requestError } from './request-error.ts';
import { RequestPacer } from './request-pacer.ts';
import type { Departure } from './send-window.ts';
import { ServerTime } from './server-time.ts';
import {
  defaultTransportLimits,
  isRepeatable,
  type TransportAnswer,
  type TransportLimits,
  type TransportRequest,
} from './transport-request.ts';

export type TransportOptions = {
  /** With the version: `https://discord.com/api/v10`. */
  apiUrl: string;
  token: string;
  userAgent: string;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** The life of the program: aborts whatever is under way. */
  signal: AbortSignal;
  limits?: Partial<TransportLimits>;
};

const KEEP_ALIVE_MS = 30_000;
const MAX_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_UNDER_WAY = 5_000; // requests that wait or travel, over a minute and a half of the global limit
const CROWDED_WAIT_MS = 15_000;
const YIELD_MS = 3; // background requests wake so much later than interactive ones that wait for the same time
/** A refused token is not sent again for so long; then one call finds out whether Discord was only confused. */
export const TOKEN_REFUSED_MS = 10 * 60_000;

/** What one attempt came to. */
type Attempt =
  | { kind: 'answered'; answer: TransportAnswer }
  | { kind: 'refused'; retryAfterMs: number }
  | { kind: 'fault'; isUnsent: boolean; httpStatus?: number; reason: string; cause?: unknown };

/**
 * Every request to Discord goes through here. Its phases: its lane's pace → its lane's turn (one request at a time per
 * route and channel or guild) → the global pace, where the guilds come in turn → the exchange → what the answer means.
 * A refusal (429) or a fault leads back to the lane's pace, a bounded number of times. Whatever waits for its pace
 * holds no turn, so that somebody who waits for an answer goes before it.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #limits: TransportLimits;
  readonly #pool: Pool;
  readonly #pacer: RequestPacer;
  readonly #lanes: Lanes;
  readonly serverTime: ServerTime;
  readonly #invalid: InvalidRequestBudget;
  readonly #life: ReturnType<typeof linkSignals>;
  readonly #origin: string;
  readonly #basePath: string;
  #underWay = 0;
  #tokenRefusedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#life = linkSignals(options.signal);
    const { origin, pathname } = new URL(options.apiUrl);
    this.#origin = origin;
    this.#basePath = pathname;
    this.#limits = { ...defaultTransportLimits, ...options.limits };
    this.#pacer = new RequestPacer(options.clock, this.#limits.requestsPerSecond);
    this.#lanes = new Lanes(options.clock);
    this.serverTime = new ServerTime(options.clock);
    this.#invalid = new InvalidRequestBudget(options.clock, this.#limits.invalidStopAt);
    this.#pool = new Pool(origin, {
      connections: MAX_CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: 0, // the exchange has deadlines of its own, over body and headers
      bodyTimeout: 0,
    });
  }

  /** @throws DiscordError, or the signal's reason when it aborts. */
  async send(request: TransportRequest): Promise<TransportAnswer> {
    this.#checkMaySend(request);
    if (this.#underWay >= MAX_UNDER_WAY) {
      const reason = `${MAX_UNDER_WAY} requests are waiting already`;
      throw requestError('rate_limited', request, reason, { retryAfterMs: CROWDED_WAIT_MS });
    }
    const { controller, unlink } = linkSignals(this.#life.controller.signal, request.signal);
    const lane = this.#laneOf(request);
    this.#underWay += 1;
    lane.underWay += 1;
    try {
      return await this.#sendOn(lane, request, controller.signal);
    } finally {
      this.#underWay -= 1;
      lane.underWay -= 1;
      unlink();
    }
  }

  /** Ends what is under way: its callers get an AbortError. */
  async close(): Promise<void> {
    this.#life.controller.abort();
    this.#life.unlink();
    await this.#pool.destroy();
  }

  /** Discord counts the requests of each user's token by themselves. */
  #laneOf({ method, route, ids, userToken }: TransportRequest): Lane {
    if (userToken === undefined) return this.#lanes.of(`${method} ${route}`, ids[0] ?? '');
    return this.#lanes.of(
      `${method} ${route} (user)`,
      createHash('sha256').update(userToken).digest('base64'),
    );
  }

  async #sendOn(lane: Lane, request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer> {
    const { clock, random, log } = this.#options;
    const { faultAttempts, refusalAttempts, retryFirstMs, retryMaxMs } = this.#limits;
    let faults = 0;
    let refusals = 0;
    for (;;) {
      const attempt = await this.#attempt(lane, request, refusals, signal);
      if (attempt.kind === 'answered') return attempt.answer;
      if (attempt.kind === 'refused') {
        refusals += 1;
        if (refusals >= refusalAttempts) {
          throw requestError('rate_limited', request, 'refused again and again (429)', attempt);
        }
        continue;
      }
      faults += 1;
      const reason = `${attempt.reason}, attempt ${faults} of ${faultAttempts}`;
      if (faults >= faultAttempts || !(attempt.isUnsent || isRepeatable(request))) {
        throw requestError('unavailable', request, reason, attempt);
      }
      const waitMs = backoffMs(faults, retryFirstMs, retryMaxMs, random);
      log.debug(
        { route: request.route, waitMs, cause: messageOf(attempt.cause ?? '') },
        `discord: ${reason}`,
      );
      await clock.sleep(waitMs, signal);
    }
  }

  async #attempt(
    lane: Lane,
    request: TransportRequest,
    refusals: number,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const { clock } = this.#options;
    const turn = await this.#turn(lane, request, signal);
    let isAnswered = false;
    let sentAt = clock.monotonic();
    const onLeave = () => {
      sentAt = clock.monotonic();
      turn.departure.left();
    };
    try {
      this.#checkMaySend(request);
      const limits = this.#limits;
      const result = await exchange(this.#pool, this.#http(request), { limits, clock, signal, onLeave });
      isAnswered = result.kind === 'answer';
      return this.#interpret(lane, request, result, sentAt, refusals);
    } finally {
      turn.departure.ended(isAnswered);
      turn.leave();
    }
  }

  /** Resolves when the request may leave at once. Waiting for one thing can outdate another, so all are asked again. */
  async #turn(
    lane: Lane,
    request: TransportRequest,
    signal: AbortSignal,
  ): Promise<{ departure: Departure; leave: () => void }> {
    const { priority = 'background', share = '' } = request;
    for (;;) {
      await this.#waitForPace(lane, request, signal);
      const leaveLane = await lane.turns.take(priority, signal);
      let leaveRoute = () => {};
      const leave = () => {
        leaveRoute();
        leaveLane();
      };
      try {
        if (this.#waitMs(lane) <= 0) {
          leaveRoute = lane.route.enter(lane.pace, this.#options.clock);
          const departure = await this.#pacer.turn(priority, share, signal);
          if (this.#waitMs(lane) <= 0) return { departure, leave };
          departure.ended(false);
        }
      } catch (error) {
        leave();
        throw error;
      }
      leave();
    }
  }

  async #waitForPace(lane: Lane, request: TransportRequest, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (let waitMs = this.#waitMs(lane); waitMs > 0; waitMs = this.#waitMs(lane)) {
      const askedMs = this.#askedMs(lane);
      if (askedMs > this.#limits.maxWaitMs) {
        const reason = `Discord asked to wait ${Math.ceil(askedMs / 1000)} s`;
        throw requestError('rate_limited', request, reason, { retryAfterMs: Math.ceil(askedMs) });
      }
      const yieldMs = request.priority === 'interactive' ? 0 : YIELD_MS;
      await lane.route.sleep(clock, waitMs + yieldMs, signal);
    }
  }

  #waitMs(lane: Lane): number {
    const cautionMs = lane.route.cautionMs(lane.pace, this.#options.clock.monotonic());
    return Math.max(this.#askedMs(lane), cautionMs);
  }

  /** What Discord wants, as opposed to what our caution does. */
  #askedMs(lane: Lane): number {
    const now = this.#options.clock.monotonic();
    return Math.max(lane.pace.nextAt(lane.route.learned(now)) - now, this.#pacer.pauseMs);
  }

  /** The last look before a request leaves: what became known while it waited holds for it too. */
  #checkMaySend(request: TransportRequest): void {
    const { clock } = this.#options;
    const refusedForMs = this.#tokenRefusedUntil - clock.monotonic();
    if (request.userToken === undefined && refusedForMs > 0) {
      throw requestError('unauthorized', request, 'the bot token was refused before (401)', {
        httpStatus: 401,
        retryAfterMs: refusedForMs,
      });
    }
    const retryAfterMs = this.#invalid.waitMs(request.priority ?? 'background', request.share ?? '');
    if (retryAfterMs > 0) {
      const reason = 'too many requests were refused; pausing long before Discord bans this address';
      throw requestError('invalid_budget_spent', request, reason, { retryAfterMs });
    }
  }

  #http(request: TransportRequest): HttpRequest {
    const { token, userAgent } = this.#options;
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    return {
      method: request.method,
      origin: this.#origin,
      path: `${this.#basePath}${request.path}`,
      headers: {
        authorization: request.userToken === undefined ? `Bot ${token}` : `Bearer ${request.userToken}`,
        'user-agent': userAgent,
        'accept-encoding': ACCEPTED_ENCODINGS,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body,
    };
  }

  #interpret(
    lane: Lane,
    request: TransportRequest,
    result: Exchange,
    sentAt: number,
    refusals: number,
  ): Attempt {
    if (result.kind === 'fault') {
      // Discord may have counted it.
      if (!result.isUnsent) lane.pace.answered(sentAt, this.#options.clock.monotonic(), nothingPromised);
      return { ...result, reason: 'no whole answer' };
    }
    if (result.kind === 'too_large') {
      throw requestError(
        'malformed',
        request,
        `the answer is larger than ${this.#limits.maxBodyBytes} bytes`,
      );
    }
    const { status: httpStatus, text } = result;
    this.serverTime.answered(result.headers.date, result.answeredAt);
    const body = text === '' ? null : parseJson(text);
    if (httpStatus === 429) return this.#refused(lane, result, body, sentAt, refusals);
    lane.pace.answered(sentAt, result.answeredAt, readPromise(result.headers));
    lane.route.answered(lane.pace, result.answeredAt);
    if (httpStatus >= 500)
      return { kind: 'fault', isUnsent: false, httpStatus, reason: `answered ${httpStatus}` };
    if (httpStatus >= 300) throw this.#failed(request, httpStatus, body);
    if (body !== undefined) return { kind: 'answered', answer: { status: httpStatus, body } };
    if (isRepeatable(request)) return { kind: 'fault', isUnsent: false, httpStatus, reason: 'broken JSON' };
    throw requestError('malformed', request, 'answered with broken JSON', { httpStatus });
  }

  #failed(request: TransportRequest, httpStatus: number, body: unknown): DiscordError {
    if (httpStatus === 401 || httpStatus === 403) this.#invalid.add(request.share ?? '');
    if (httpStatus === 401 && request.userToken === undefined) {
      this.#tokenRefusedUntil = this.#options.clock.monotonic() + TOKEN_REFUSED_MS;
    }
    return failureOf(request, httpStatus, body);
  }

  #refused(
    lane: Lane,
    answer: Extract<Exchange, { kind: 'answer' }>,
    body: unknown,
    sentAt: number,
    refusals: number,
  ): Attempt {
    const { random, log } = this.#options;
    const { silentRefusalMs, leastRefusalMs, maxWaitMs } = this.#limits;
    const refusal = readRefusal(answer.headers, body);
    if (!refusal.isShared) this.#invalid.add('');
    const { answeredAt } = answer;
    const learned = lane.pace.learn(sentAt, refusal, lane.route.learned(answeredAt));
    if (learned && !lane.route.learn(learned, answeredAt)) lane.pace.keep(learned, answeredAt);
    const askedMs = refusal.retryAfterMs ?? backoffMs(refusals + 1, silentRefusalMs, maxWaitMs, random);
    const retryAfterMs = Math.max(askedMs, Math.min(leastRefusalMs * 2 ** refusals, maxWaitMs));
    if (refusal.isGlobal) this.#pacer.pause(retryAfterMs);
    else lane.pace.block(answeredAt + retryAfterMs);
    const { isGlobal, isShared } = refusal;
    log.warn(
      { route: lane.routeName, retryAfterMs, isGlobal, isShared, learned },
      'discord: too many requests (429)',
    );
    return { kind: 'refused', retryAfterMs };
  }
}

/** Undefined when the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
