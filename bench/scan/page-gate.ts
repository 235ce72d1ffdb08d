/** Holds a walk before its next page, so that several walks can be measured in turns without ending any of them. */
export class PageGate {
  readonly #signal: AbortSignal;
  #left = 0;
  #open: (() => void) | null = null;
  #arrived: (() => void) | null = null;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** For the walk: resolves when it may ask for a page; rejects when nothing will be asked for any more. */
  async enter(): Promise<void> {
    if (this.#left === 0) {
      this.#arrived?.();
      await new Promise<void>((resolve, reject) => {
        this.#open = resolve;
        this.#signal.addEventListener('abort', () => reject(this.#signal.reason), { once: true });
      });
    }
    this.#left -= 1;
  }

  /** Lets so many pages through; resolves when the walk has come to the gate again. */
  async pass(pages: number): Promise<void> {
    const arrived = new Promise<void>((resolve) => {
      this.#arrived = resolve;
    });
    this.#left = pages;
    this.#open?.();
    await arrived;
  }
}
