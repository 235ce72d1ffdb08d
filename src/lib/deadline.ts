import { linkSignals } from './linked-signal.ts';

/**
 * Gives `work` a signal that aborts after `ms`, and with the given one; what then fails, fails with a TimeoutError or
 * with that signal's reason. The timer is our own: `AbortSignal.timeout` within `AbortSignal.any` is garbage collected
 * on Node 20, and never fires.
 */
export async function withDeadline<Result>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { controller, unlink } = linkSignals(signal);
  const passed = () => controller.abort(new DOMException(`not done within ${ms} ms`, 'TimeoutError'));
  const timer = setTimeout(passed, ms);
  try {
    controller.signal.throwIfAborted();
    return await work(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    unlink();
  }
}

/** For work that cannot be told to stop, and needs no cleaning up: `Promise.race` with it. */
export function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
