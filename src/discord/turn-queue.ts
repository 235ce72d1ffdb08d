/** `interactive`: somebody waits for the answer; goes before all `background` requests that still wait. */
export type Priority = 'interactive' | 'background';

type Waiter = { enter: () => void };

/** One at a time: in the order of asking, interactive before background. */
export class TurnQueue {
  #isTaken = false;
  readonly #waiting: Record<Priority, Waiter[]> = { interactive: [], background: [] };

  get isIdle(): boolean {
    return !this.#isTaken;
  }

  /** Resolves with the function that ends the turn. Rejects with the signal's reason when it aborts before. */
  async take(priority: Priority, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#isTaken) await this.#wait(this.#waiting[priority], signal);
    this.#isTaken = true;
    return () => this.#next();
  }

  #wait(line: Waiter[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = {
        enter: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        line.splice(line.indexOf(waiter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(waiter);
    });
  }

  /** The turn passes on without a gap in which a newcomer could slip in. */
  #next(): void {
    const waiter = this.#waiting.interactive.shift() ?? this.#waiting.background.shift();
    if (waiter) waiter.enter();
    else this.#isTaken = false;
  }
}
