import { randomBytes } from 'node:crypto';
import type { Wire } from './wire.ts';

/** Events kept for RESUME: far more than a client misses in a short break, and a bound for those that never return. */
const MAX_KEPT_EVENTS = 5000;
const MAX_KEPT_BYTES = 8 * 1024 * 1024;
/** A session whose connection broke can be resumed this long. */
export const RESUME_WINDOW_MS = 5 * 60 * 1000;

/** Where a session's events go while it is connected. */
export type Outlet = { send(text: string): void };

/** What outlives a connection: the sequence, and the last events for whoever resumes. */
export type Session = {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
  sequence: number;
  kept: { sequence: number; text: string }[];
  keptBytes: number;
  outlet: Outlet | undefined;
  /** Since when it has no connection, by the monotonic clock. */
  detachedAt: number | undefined;
};

/** A client that is connected. */
export type Connection = {
  readonly wire: Wire;
  /** Since IDENTIFY or RESUME. */
  session: Session | undefined;
  /** When the client sent something, by the monotonic clock. */
  sentAt: number[];
  /** Breaks the connection without a word. */
  terminate(): void;
};

export function createSession(intents: number, shard: readonly [number, number], outlet: Outlet): Session {
  const id = randomBytes(16).toString('hex');
  return { id, intents, shard, sequence: 0, kept: [], keptBytes: 0, outlet, detachedAt: undefined };
}

/** Numbers an event, keeps it, and sends it if somebody listens. */
export function dispatch(session: Session, name: string, data: unknown): void {
  session.sequence += 1;
  const text = JSON.stringify({ t: name, s: session.sequence, op: 0, d: data });
  session.kept.push({ sequence: session.sequence, text });
  session.keptBytes += text.length;
  while (session.kept.length > MAX_KEPT_EVENTS || session.keptBytes > MAX_KEPT_BYTES) {
    session.keptBytes -= session.kept.shift()?.text.length ?? 0;
  }
  session.outlet?.send(text);
}

/** Events after `sequence`; undefined when some of them are no longer kept. */
export function missedEvents(session: Session, sequence: number): string[] | undefined {
  const oldest = session.kept[0]?.sequence ?? session.sequence + 1;
  if (sequence < oldest - 1) return undefined;
  return session.kept.filter((event) => event.sequence > sequence).map(({ text }) => text);
}
