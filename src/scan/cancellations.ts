import { CANCELED_RUNS, findCanceledRuns } from '../db/canceled-runs.ts';
import type { Database } from '../db/database.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import { linkSignals } from '../lib/linked-signal.ts';
import type { Logger } from '../lib/log.ts';
import { untilAborted } from '../lib/run-together.ts';

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 15_000;

/** A walk of this process: its signal aborts when its run is canceled, or the worker must stop. */
export type WatchedWalk = { readonly signal: AbortSignal; readonly isCanceled: boolean; end(): void };

type Walk = { runId: string; isCanceled: boolean; controller: AbortController };

/**
 * Ends the waits of walks whose run was canceled, in whatever process: for Discord's permission to send, or for a slow
 * answer. It only makes that prompt; what a canceled run would still write, its page's own statement refuses.
 */
export class Cancellations {
  readonly #walks = new Set<Walk>();

  watch(runId: string, signal: AbortSignal): WatchedWalk {
    const { controller, unlink } = linkSignals(signal);
    const walk: Walk = { runId, isCanceled: false, controller };
    this.#walks.add(walk);
    return {
      signal: controller.signal,
      get isCanceled() {
        return walk.isCanceled;
      },
      end: () => {
        this.#walks.delete(walk);
        unlink();
      },
    };
  }

  /** Listens until the signal aborts; whenever the connection was lost, what was missed is asked for. */
  async listen(options: { db: Database; clock: Clock; log: Logger; signal: AbortSignal }): Promise<void> {
    const { clock, log, signal } = options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#listenOnce(options, () => {
          failures = 0;
        });
      } catch (error) {
        failures += 1;
        log.debug({ err: messageOf(error) }, 'cancellations are not told at once for a moment');
        await clock.sleep(backoffMs(failures, RETRY_FIRST_MS, RETRY_MAX_MS), signal).catch(() => {}); // aborted: the loop ends
      }
    }
  }

  async #listenOnce({ db, signal }: { db: Database; signal: AbortSignal }, onListening: () => void) {
    const lost = new AbortController();
    const connection = await db.hold((error) => lost.abort(error));
    try {
      await connection.listen(CANCELED_RUNS, (runId) => this.#cancel([runId]));
      this.#cancel(
        await findCanceledRuns(
          connection,
          [...this.#walks].map((walk) => walk.runId),
        ),
      );
      onListening();
      await untilAborted(AbortSignal.any([signal, lost.signal]));
    } finally {
      connection.release();
    }
    if (!signal.aborted) throw new Error('the connection was lost', { cause: lost.signal.reason });
  }

  #cancel(runIds: readonly string[]): void {
    for (const walk of this.#walks) {
      if (!runIds.includes(walk.runId)) continue;
      walk.isCanceled = true;
      walk.controller.abort(new DOMException('the run was canceled', 'AbortError'));
    }
  }
}
