import type { APIGuildMember } from 'discord-api-types/v10';
import { DiscordError } from '../discord/discord-error.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { isTimeoutError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { TimedSet } from '../lib/timed-set.ts';

/**
 * What Discord says of a user in a guild. `stranger`: no member there; `closed`: the bot is not there any more, so nothing
 * is told of anybody; `unknown`: Discord does not answer.
 */
export type MemberAnswer =
  | { kind: 'member'; roleIds: string[]; timedOutUntil: Date | null; askedAt: string }
  | { kind: 'stranger'; askedAt: string }
  | { kind: 'closed' }
  | { kind: 'unknown' };

export type ThreadAnswer = { kind: 'told'; isMember: boolean; askedAt: string } | { kind: 'unknown' };

export type MemberReaderOptions = {
  rest: Pick<DiscordRest, 'getGuildMember' | 'getThreadMember'>;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

const ANSWER_TIMEOUT_MS = 4_000; // somebody waits for the page; what was known before has to do then
const AWAY_PAUSE_MS = 10_000; // so long nobody is made to wait for a Discord that does not answer
const CLOSED_PAUSE_MS = 10_000; // Discord counts what it refuses, and bans whoever goes on asking for it
const MAX_CLOSED = 1_000; // guilds that are closed to the bot
const STRANGER_CODES = [10_007, 10_013]; // unknown member, unknown user
const UNKNOWN_GUILD = 10_004;

/**
 * Asks Discord about members, through the bot. Those who ask for the same at the same time share one request. While
 * Discord is away it is asked only now and then, so that not every request waits for it in vain.
 */
export class MemberReader {
  readonly #options: MemberReaderOptions;
  readonly #inFlight = new Map<string, Promise<MemberAnswer | ThreadAnswer>>();
  /** Guilds that are not asked about again for a while. */
  readonly #closed: TimedSet;
  #awayUntil = Number.NEGATIVE_INFINITY;
  /** When Discord last told of somebody, by the monotonic clock. */
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(options: MemberReaderOptions) {
    this.#options = options;
    this.#closed = new TimedSet(options.clock, MAX_CLOSED);
  }

  /** `askedAt`: the database's time before the question; the answer has that of whoever asked first. */
  readMember(guildId: string, userId: string, askedAt: string): Promise<MemberAnswer> {
    return this.#share(`${guildId} ${userId}`, () => this.#askMember(guildId, userId, askedAt));
  }

  /** Whether a user is in a private thread. */
  readThreadMember(
    threadId: string,
    guildId: string,
    userId: string,
    askedAt: string,
  ): Promise<ThreadAnswer> {
    return this.#share(`thread ${threadId} ${userId}`, () =>
      this.#askThreadMember(threadId, guildId, userId, askedAt),
    );
  }

  #share<Answer extends MemberAnswer | ThreadAnswer>(
    key: string,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const running = this.#inFlight.get(key);
    if (running) return running as Promise<Answer>;
    const asked = ask().finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, asked);
    return asked;
  }

  async #askMember(guildId: string, userId: string, askedAt: string): Promise<MemberAnswer> {
    const { rest } = this.#options;
    if (this.#closed.has(guildId)) return { kind: 'closed' };
    const answer = await this.#ask((signal) =>
      rest.getGuildMember(guildId, userId, { signal, priority: 'interactive' }),
    );
    if (answer.kind === 'answered') return { ...readMember(answer.value), askedAt };
    if (answer.kind !== 'refused') return answer;
    const refusal = readRefusal(answer.error, askedAt);
    if (refusal.kind === 'closed') this.#closed.add(guildId, CLOSED_PAUSE_MS);
    return refusal;
  }

  async #askThreadMember(
    threadId: string,
    guildId: string,
    userId: string,
    askedAt: string,
  ): Promise<ThreadAnswer> {
    const { rest } = this.#options;
    const answer = await this.#ask((signal) =>
      rest.getThreadMember(threadId, userId, { signal, guildId, priority: 'interactive' }),
    );
    if (answer.kind === 'answered') return { kind: 'told', isMember: true, askedAt };
    // Discord documents the 404, but no code of it. Whom the bot may not ask about is not shown the thread.
    if (answer.kind === 'refused') return { kind: 'told', isMember: false, askedAt };
    return { kind: 'unknown' };
  }

  async #ask<Value>(
    call: (signal: AbortSignal) => Promise<Value>,
  ): Promise<
    { kind: 'answered'; value: Value } | { kind: 'refused'; error: DiscordError } | { kind: 'unknown' }
  > {
    const { clock, signal } = this.#options;
    const begun = clock.monotonic();
    if (begun < this.#awayUntil) return { kind: 'unknown' };
    try {
      const value = await withDeadline(ANSWER_TIMEOUT_MS, signal, call);
      this.#answeredAt = clock.monotonic();
      return { kind: 'answered', value };
    } catch (error) {
      if (error instanceof DiscordError && ['not_found', 'forbidden'].includes(error.kind)) {
        this.#answeredAt = clock.monotonic();
        return { kind: 'refused', error };
      }
      if (!(error instanceof DiscordError || isTimeoutError(error))) throw error;
      const isLongLine = isTimeoutError(error) && this.#answeredAt > begun; // others were answered meanwhile
      if (!isLongLine) this.#noteAway(error);
      return { kind: 'unknown' };
    }
  }

  #noteAway(error: unknown): void {
    const { clock, log } = this.#options;
    const askedFor = error instanceof DiscordError ? (error.retryAfterMs ?? 0) : 0;
    this.#awayUntil = clock.monotonic() + Math.max(AWAY_PAUSE_MS, askedFor);
    log.warn({ err: messageOf(error) }, 'Discord does not tell of members; what it told before counts');
  }
}

/** A 404 without a code of Discord's, as a proxy sends it, says nothing. */
function readRefusal({ kind, discordCode }: DiscordError, askedAt: string): MemberAnswer {
  if (STRANGER_CODES.includes(discordCode ?? 0)) return { kind: 'stranger', askedAt };
  return kind === 'forbidden' || discordCode === UNKNOWN_GUILD ? { kind: 'closed' } : { kind: 'unknown' };
}

function readMember(member: APIGuildMember) {
  const timedOutUntil = new Date(member.communication_disabled_until ?? Number.NaN);
  return {
    kind: 'member' as const,
    roleIds: Array.isArray(member.roles) ? member.roles.filter(isSnowflake) : [],
    timedOutUntil: Number.isNaN(timedOutUntil.getTime()) ? null : timedOutUntil,
  };
}
