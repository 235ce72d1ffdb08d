/**
 * Added to the window: what clocks and roads differ by from one request to the next without our seeing it.
 * Costs 1.5 % of the limit.
 */
const MARGIN_MS = 15;
const MAX_LATE_MS = 300; // how much later than others a request is thought to arrive; more is rather a slow answer
const TRAVEL_SAMPLES = 32; // the latest travel times, of which the median is the usual one
const WINDOW_MS = 1_000; // over which Discord counts the requests of one token

/** A request on its way: tell when it leaves, and when it is over. */
export type Departure = { left(): void; ended(isAnswered: boolean): void };

type Sent = { leftAt: number; answeredAt: number | null };

/**
 * When the next request may leave so that no span of a second sees more of them *arrive* than the limit.
 *
 * Requests are counted from when they were written to the socket, not from when they were allowed to be: a busy
 * process, or a new connection, can lie between. And one that arrives late comes closer to those after it: an answer
 * that took longer than usual says how late it may have been, unless a later request was answered sooner.
 */
export class SendWindow {
  readonly #maxLimit: number;
  #sent: Sent[] = []; // in the order of leaving
  #allowed = 0; // which have not left yet
  readonly #travelMs: number[] = [];
  #usualTravelMs = 0;

  constructor(maxLimit: number) {
    this.#maxLimit = maxLimit;
  }

  /** Takes a place in the window, from now on until a second after the request left. */
  depart(monotonic: () => number): Departure {
    const sent: Sent = { leftAt: 0, answeredAt: null };
    this.#allowed += 1;
    let state: 'allowed' | 'left' | 'over' = 'allowed';
    return {
      left: () => {
        if (state !== 'allowed') return;
        state = 'left';
        this.#allowed -= 1;
        sent.leftAt = monotonic();
        this.#sent.push(sent);
        if (this.#sent.length > this.#maxLimit) this.#sent.shift();
      },
      ended: (isAnswered) => {
        if (state === 'allowed') this.#allowed -= 1;
        if (state === 'left' && isAnswered) this.#answered(sent, monotonic());
        state = 'over';
      },
    };
  }

  /** The earliest time for the next request, as far as is known now. */
  nextAt(limit: number, now: number): number {
    const places = limit - this.#allowed;
    if (places <= 0) return now + WINDOW_MS + MARGIN_MS;
    const index = this.#sent.length - places;
    return index < 0 ? 0 : this.#arrivedBy(index, now) + WINDOW_MS + MARGIN_MS;
  }

  /** When that request had arrived, reckoned as if it travelled no time at all: never before it left. */
  #arrivedBy(index: number, now: number): number {
    const leftAt = this.#sent[index]?.leftAt ?? 0;
    let arrivedBy = now - this.#usualTravelMs; // unanswered: it may still be on its way
    for (let later = index; later < this.#sent.length && arrivedBy > leftAt; later += 1) {
      const answeredAt = this.#sent[later]?.answeredAt;
      if (answeredAt != null) arrivedBy = Math.min(arrivedBy, answeredAt - this.#usualTravelMs);
    }
    return Math.min(Math.max(arrivedBy, leftAt), leftAt + MAX_LATE_MS);
  }

  #answered(sent: Sent, answeredAt: number): void {
    sent.answeredAt = answeredAt;
    this.#travelMs.push(answeredAt - sent.leftAt);
    if (this.#travelMs.length > TRAVEL_SAMPLES) this.#travelMs.shift();
    const sorted = this.#travelMs.toSorted((a, b) => a - b);
    this.#usualTravelMs = sorted[sorted.length >> 1] ?? 0;
  }
}
