/** Work that many ask for: of each who asks only so much is done at a time, and the rest of theirs waits in order. */
export class Shares {
  readonly #limit: number;
  readonly #maxWaiting: number;
  readonly #lines = new Map<string, Line>();

  constructor(options: { limit: number; maxWaiting: number }) {
    this.#limit = options.limit;
    this.#maxWaiting = options.maxWaiting;
  }

  /** False: so much of theirs waits that nothing more is taken. Whoever gets true calls `leave` when done. */
  async enter(who: string): Promise<boolean> {
    const line = this.#lines.get(who) ?? { working: 0, waiting: [] };
    this.#lines.set(who, line);
    if (line.working < this.#limit) {
      line.working += 1;
      return true;
    }
    if (line.waiting.length >= this.#maxWaiting) return false;
    await new Promise<void>((go) => line.waiting.push(go)); // the place of whoever left is handed on
    return true;
  }

  leave(who: string): void {
    const line = this.#lines.get(who);
    if (!line) return;
    const next = line.waiting.shift();
    if (next) next();
    else line.working -= 1;
    if (line.working === 0) this.#lines.delete(who);
  }
}

type Line = { working: number; waiting: (() => void)[] };
