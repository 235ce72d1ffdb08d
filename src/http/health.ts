import { pingDatabase } from '../db/database-state.ts';
import { rejectWhenAborted, withDeadline } from '../lib/deadline.ts';
import { messageOf } from '../lib/errors.ts';
import { type ReadinessCheck, readiness } from './contract/instance.ts';
import { openAction } from './door.ts';
import type { GatewayState } from './gateway-state.ts';

const CHECK_TIMEOUT_MS = 2_000; // a probe asks every few seconds and must not pile up

export const sayAlive = openAction({
  summary: 'The process lives; whether it can work is /readyz',
  answer: null,
  handle: (_, { context }) => context.text('ok\n'),
});

/** Not ready while PostgreSQL does not answer or, where this process has the gateway, while it is not connected. */
export const sayReady = openAction({
  summary: 'Whether this process can work (200), or what it waits for (503)',
  answer: readiness,
  alsoAnswers: { 503: 'Not ready' },
  async handle({ db, gatewayState, log }, { context }) {
    const checks: ReadinessCheck[] = [
      await check(
        'database',
        () => pingDatabase(db),
        (error) => log.warn({ err: messageOf(error) }, 'readiness check of the database failed'),
      ),
      ...(gatewayState ? [checkGateway(gatewayState)] : []),
    ];
    const isReady = checks.every((each) => each.isReady);
    return context.json({ isReady, checks }, isReady ? 200 : 503);
  },
});

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

function checkGateway(state: GatewayState): ReadinessCheck {
  if (state.isStandby) {
    const reason = 'Another process has the gateway of Discord; this one takes over when that one ends.';
    return { name: 'gateway', isReady: true, reason };
  }
  const since = state.downSince();
  const reason = since && `The gateway of Discord is not connected since ${since.toISOString()}.`;
  return { name: 'gateway', isReady: since === null, reason };
}
