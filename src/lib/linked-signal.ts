import { setMaxListeners } from 'node:events';

/**
 * One signal that aborts with the first of several. Unlike `AbortSignal.any` it leaves nothing behind on the
 * long-lived ones once `unlink` was called.
 */
export function linkSignals(...signals: (AbortSignal | undefined)[]): {
  controller: AbortController;
  unlink: () => void;
} {
  const controller = new AbortController();
  const links = signals.flatMap((signal) => {
    if (!signal) return [];
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    setMaxListeners(0, signal); // hundreds of calls may share one signal; each takes its listener off again
    signal.addEventListener('abort', abort, { once: true });
    return [() => signal.removeEventListener('abort', abort)];
  });
  return { controller, unlink: () => links.forEach((unlink) => void unlink()) };
}
