import { answerCalls } from './answer-calls.ts';

/** Loaded before the product (`--import`), so that it tells its memory to the bench that started it. */
export type MemoryProbe = {
  /** With nothing left to collect. */
  measure: { input: object; output: { rssBytes: number; heapBytes: number } };
};

const SETTLE_MS = 2_000; // until freed pages are given back, which V8 does on other threads

answerCalls<MemoryProbe>({
  async measure() {
    for (let round = 0; round < 2; round += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
    const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
    return { rssBytes, heapBytes };
  },
});
