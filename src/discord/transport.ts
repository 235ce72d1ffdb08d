import { Agent } from 'undici';
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
import { RequestPacer, sleepUntil } from './request-pacer.ts';
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
/** A refused token is not sent again for so long; then one call finds out whether Discord was only confused. */
export const TOKEN_REFUSED_MS = 10 * 60_000;

/** What one attempt came to. */
type Attempt =
  | { kind: 'answered'; answer: TransportAnswer }
  | { kind: 'refused'; retryAfterMs: number }
  | { kind: 'fault'; isUnsent: boolean; httpStatus?: number; reason: string; cause?: unknown };

/**
 * Every request to Discord goes through here. Its phases: its lane's turn (one request at a time per route and
 * channel or guild) → the lane's pace → the global pace → the exchange → what the answer means.
 * A refusal (429) or a fault leads back to the lane's pace, a bounded number of times.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #limits: TransportLimits;
  readonly #agent: Agent;
  readonly #pacer: RequestPacer;
  readonly #lanes: Lanes;
  readonly #invalid: InvalidRequestBudget;
  readonly #life: ReturnType<typeof linkSignals>;
  #tokenRefusedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#life = linkSignals(options.signal);
    this.#limits = { ...defaultTransportLimits, ...options.limits };
    this.#pacer = new RequestPacer(options.clock, this.#limits.requestsPerSecond);
    this.#lanes = new Lanes(options.clock);
    this.#invalid = new InvalidRequestBudget(options.clock, this.#limits.invalidStopAt);
    this.#agent = new Agent({
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
    const { controller, unlink } = linkSignals(this.#life.controller.signal, request.signal);
    try {
      const lane = this.#lanes.of(`${request.method} ${request.route}`, request.ids[0] ?? '');
      const leave = await lane.turns.take(request.priority ?? 'background', controller.signal);
      try {
        return await this.#sendInTurn(lane, request, controller.signal);
      } finally {
        leave();
      }
    } finally {
      unlink();
    }
  }

  /** Ends what is under way: its callers get an AbortError. */
  async close(): Promise<void> {
    this.#life.controller.abort();
    this.#life.unlink();
    await this.#agent.destroy();
  }

  async #sendInTurn(lane: Lane, request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer> {
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
    const leave = await this.#turn(lane, request, signal);
    try {
      this.#checkMaySend(request);
      const sentAt = clock.monotonic();
      const result = await exchange(this.#agent, this.#http(request), this.#limits, clock, signal);
      return this.#interpret(lane, request, result, sentAt, refusals);
    } finally {
      leave();
    }
  }

  /** Resolves when the request may leave at once. Waiting for one thing can outdate another, so all are asked again. */
  async #turn(lane: Lane, request: TransportRequest, signal: AbortSignal): Promise<() => void> {
    const { clock } = this.#options;
    const priority = request.priority ?? 'background';
    for (;;) {
      await this.#waitForPace(lane, request, signal);
      const leave = await lane.route.enter(lane.pace, clock.monotonic(), priority, signal);
      try {
        if (this.#waitMs(lane) <= 0) await this.#pacer.turn(priority, signal);
        if (this.#waitMs(lane) <= 0) return leave;
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
      if (waitMs > this.#limits.maxWaitMs) {
        const reason = `Discord asked to wait ${Math.ceil(waitMs / 1000)} s`;
        throw requestError('rate_limited', request, reason, { retryAfterMs: Math.ceil(waitMs) });
      }
      await sleepUntil(clock, clock.monotonic() + waitMs, signal);
    }
  }

  #waitMs(lane: Lane): number {
    const laneMs = lane.pace.nextAt(lane.route.learned) - this.#options.clock.monotonic();
    return Math.max(laneMs, this.#pacer.pauseMs);
  }

  /** The last look before a request leaves: what became known while it waited holds for it too. */
  #checkMaySend(request: TransportRequest): void {
    const { clock } = this.#options;
    if (clock.monotonic() < this.#tokenRefusedUntil) {
      throw requestError('unauthorized', request, 'the bot token was refused before (401)', {
        httpStatus: 401,
      });
    }
    const retryAfterMs = this.#invalid.waitMs();
    if (retryAfterMs > 0) {
      const reason = `${this.#limits.invalidStopAt} requests were refused; pausing before Discord bans this address`;
      throw requestError('invalid_budget_spent', request, reason, { retryAfterMs });
    }
  }

  #http(request: TransportRequest): HttpRequest {
    const { apiUrl, token, userAgent } = this.#options;
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    return {
      method: request.method,
      url: `${apiUrl}${request.path}`,
      headers: {
        authorization: `Bot ${token}`,
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
    if (httpStatus === 401 || httpStatus === 403) this.#invalid.add();
    if (httpStatus === 401) this.#tokenRefusedUntil = this.#options.clock.monotonic() + TOKEN_REFUSED_MS;
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
    if (!refusal.isShared) this.#invalid.add();
    const learned = lane.pace.learn(sentAt, refusal, lane.route.learned);
    if (learned) lane.route.learned = learned;
    const askedMs = refusal.retryAfterMs ?? backoffMs(refusals + 1, silentRefusalMs, maxWaitMs, random);
    const retryAfterMs = Math.max(askedMs, Math.min(leastRefusalMs * 2 ** refusals, maxWaitMs));
    if (refusal.isGlobal) this.#pacer.pause(retryAfterMs);
    else lane.pace.block(answer.answeredAt + retryAfterMs);
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
