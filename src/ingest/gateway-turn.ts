import { randomUUID } from 'node:crypto';
import type { Database, HeldConnection } from '../db/database.ts';
import { pingDatabase } from '../db/database-state.ts';
import { type GatewayBot, takeGatewayTurn } from '../db/gateway-turn.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { rejectWhenAborted, withDeadline } from '../lib/deadline.ts';
import { messageOf } from '../lib/errors.ts';
import { linkSignals } from '../lib/linked-signal.ts';
import type { Logger } from '../lib/log.ts';
import { runTogether } from '../lib/run-together.ts';

export type GatewayTurnOptions = {
  db: Database;
  bot: GatewayBot;
  /** Another process has the turn. */
  onStandby: () => void;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

export type GatewayTurn = {
  /** What `saveGatewaySession` proves the turn by. */
  holder: string;
  /** Resolves when the lock is in our hand, or the turn is over. */
  confirmed: () => Promise<void>;
  /** Aborts when the turn is over. */
  signal: AbortSignal;
};

/** A connection that holds the lock, or asks for it. */
type Lock = { connection: HeldConnection; lost: AbortSignal };

const POLL_FIRST_MS = 250; // the lock of a process that ended just now is free within milliseconds
const POLL_MAX_MS = 2_000; // how late one that stands by takes over
const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 5_000; // of asking a database that does not answer
const RETAKE_PATIENCE_MS = 3_000; // for our own connection that broke to end at the server too
const CHECK_MS = 5_000;
const ANSWER_TIMEOUT_MS = 5_000; // with the one before, less than PostgreSQL waits until it frees the lock of a silent host

/**
 * Of the processes with the role gateway for one bot on one database, one is connected to Discord: two would resume one
 * session and throw each other out for ever. Whose turn it is tells a lock on a connection of its own.
 *
 * standing by → in turn ⇄ lock lost → standing by
 *
 * The lock is lost with its connection, most often because PostgreSQL is away, when nobody else can have the turn either.
 * So Discord's connection is kept, and what comes waits. Until the lock is taken again nothing can be committed (`holder`)
 * and no other connection is opened (`confirmed`); when another process has it, the turn is over.
 */
export async function takeGatewayTurns(
  options: GatewayTurnOptions,
  work: (turn: GatewayTurn) => Promise<void>,
): Promise<void> {
  const { log, signal, onStandby } = options;
  const standBy = () => {
    log.info('another process has the gateway; standing by');
    onStandby();
  };
  while (!signal.aborted) {
    const holder = randomUUID();
    const lock = await takeLock(holder, { patienceMs: Infinity, onRefused: standBy }, options, signal);
    if (lock) await workInTurn(holder, lock, options, work);
  }
}

/** Ends when the signal aborts, another process has the lock, or the work fails; the work has ended by then. */
async function workInTurn(
  holder: string,
  first: Lock,
  options: GatewayTurnOptions,
  work: (turn: GatewayTurn) => Promise<void>,
): Promise<void> {
  const life = linkSignals(options.signal);
  let held: Promise<Lock | null> = Promise.resolve(first);
  const confirmed = async () => {
    await held;
  };
  const keepLock = async (signal: AbortSignal) => {
    for (let lock: Lock | null = first; lock; lock = await held) {
      const reason = await untilLost(lock, options.clock, signal);
      if (signal.aborted) return;
      options.log.warn({ err: messageOf(reason) }, 'the lock of the gateway is lost; taking it again');
      lock.connection.release();
      held = takeLock(holder, { patienceMs: RETAKE_PATIENCE_MS }, options, signal);
    }
    life.controller.abort();
  };
  try {
    await runTogether(life.controller.signal, [(signal) => work({ holder, confirmed, signal }), keepLock]);
  } finally {
    life.unlink();
    (await held)?.connection.release();
  }
}

/** Answers why. A connection whose other end has vanished would say nothing by itself: it is asked now and then. */
async function untilLost({ connection, lost }: Lock, clock: Clock, signal: AbortSignal): Promise<unknown> {
  const end = AbortSignal.any([signal, lost]);
  try {
    for (;;) {
      await clock.sleep(CHECK_MS, end);
      await inTime(() => pingDatabase(connection), end);
    }
  } catch (error) {
    return lost.aborted ? lost.reason : error;
  }
}

type Waiting = {
  /** How long another process may have the lock until we give it up. */
  patienceMs: number;
  onRefused?: () => void;
};

/** Null: another process has it, or the signal aborted. A database that does not answer is waited for. */
async function takeLock(
  holder: string,
  waiting: Waiting,
  options: GatewayTurnOptions,
  signal: AbortSignal,
): Promise<Lock | null> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await waitForLock(holder, waiting, options, signal);
    } catch (error) {
      if (signal.aborted) return null;
      const waitMs = backoffMs(attempt, RETRY_FIRST_MS, RETRY_MAX_MS);
      options.log.warn({ waitMs, err: messageOf(error) }, 'the lock of the gateway cannot be asked for');
      await options.clock.sleep(waitMs, signal).catch(() => {});
    }
  }
  return null;
}

async function waitForLock(
  holder: string,
  { patienceMs, onRefused }: Waiting,
  { db, bot, clock }: GatewayTurnOptions,
  signal: AbortSignal,
): Promise<Lock | null> {
  const lost = new AbortController();
  const connection = await db.hold((error) => lost.abort(error));
  const startedAt = clock.monotonic();
  let isTaken = false;
  try {
    for (let poll = 1; ; poll += 1) {
      isTaken = await inTime(() => takeGatewayTurn(connection, bot, holder), signal);
      if (isTaken) return { connection, lost: lost.signal };
      if (poll === 1) onRefused?.();
      if (clock.monotonic() - startedAt > patienceMs) return null;
      await clock.sleep(backoffMs(poll, POLL_FIRST_MS, POLL_MAX_MS), signal);
    }
  } finally {
    if (!isTaken) connection.release();
  }
}

/** Released, the connection is cut, and with it what it was asked. */
function inTime<Result>(ask: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  return withDeadline(ANSWER_TIMEOUT_MS, signal, (passed) =>
    Promise.race([ask(), rejectWhenAborted(passed)]),
  );
}
