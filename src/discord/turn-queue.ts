/** `interactive`: somebody waits for the answer; goes before all `background` requests that still wait. */
export type Priority = 'interactive' | 'background';

type Waiter = { enter: () => void };

/**
 * One at a time: interactive before background. Among equals the shares (guilds) come in turn, however many of theirs
 * wait, and those of one share in the order of asking.
 */
export class TurnQueue {
  #isTaken = false;
  readonly #waiting: Record<Priority, ShareLine> = {
    interactive: new ShareLine(),
    background: new ShareLine(),
  };

  /** Resolves with the function that ends the turn. Rejects with the signal's reason when it aborts before. */
  async take(priority: Priority, signal: AbortSignal, share = ''): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#isTaken) await wait(this.#waiting[priority], share, signal);
    this.#isTaken = true;
    return () => this.#next();
  }

  /** The turn passes on without a gap in which a newcomer could slip in. */
  #next(): void {
    const waiter = this.#waiting.interactive.shift() ?? this.#waiting.background.shift();
    if (waiter) waiter.enter();
    else this.#isTaken = false;
  }
}

function wait(line: ShareLine, share: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiter = {
      enter: () => {
        signal.removeEventListener('abort', leave);
        resolve();
      },
    };
    const leave = () => {
      line.remove(share, waiter);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    line.push(share, waiter);
  });
}

/** Those that wait, by share. The map's order is the order of the shares' turns: who had one goes to its end. */
class ShareLine {
  readonly #waiters = new Map<string, Waiter[]>();

  push(share: string, waiter: Waiter): void {
    const others = this.#waiters.get(share);
    if (others) others.push(waiter);
    else this.#waiters.set(share, [waiter]);
  }

  shift(): Waiter | undefined {
    for (const [share, waiters] of this.#waiters) {
      const first = waiters.shift();
      this.#waiters.delete(share);
      if (waiters.length > 0) this.#waiters.set(share, waiters);
      return first;
    }
    return undefined;
  }

  remove(share: string, waiter: Waiter): void {
    const left = this.#waiters.get(share)?.filter((other) => other !== waiter) ?? [];
    if (left.length > 0) this.#waiters.set(share, left);
    else this.#waiters.delete(share);
  }
}
