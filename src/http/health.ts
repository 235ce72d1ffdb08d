import type { Context } from 'hono';
import { pingDatabase } from '../db/database-state.ts';
import { rejectWhenAborted, withDeadline } from '../lib/deadline.ts';
import { messageOf } from '../lib/errors.ts';
import type { Readiness, ReadinessCheck } from './contract.ts';
import type { Services } from './services.ts';

const CHECK_TIMEOUT_MS = 2_000; // a probe asks every few seconds and must not pile up

/** The process lives; whether it can work is `/readyz`. */
export function sayAlive(c: Context): Response {
  return c.text('ok\n');
}

export function sayReady({ db, log }: Services) {
  return async (c: Context) => {
    const checks: ReadinessCheck[] = [
      await check(
        'database',
        () => pingDatabase(db),
        (error) => log.warn({ err: messageOf(error) }, 'readiness check of the database failed'),
      ),
    ];
    const isReady = checks.every((each) => each.isReady);
    return c.json({ isReady, checks } satisfies Readiness, isReady ? 200 : 503);
  };
}

async function check(
  name: string,
  ask: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<ReadinessCheck> {
  try {
    await withDeadline(CHECK_TIMEOUT_MS, undefined, (signal) =>
      Promise.race([ask(), rejectWhenAborted(signal)]),
    );
    return { name, isReady: true, reason: null };
  } catch (error) {
    onFailure(error);
    return { name, isReady: false, reason: `The ${name} does not answer.` };
  }
}
