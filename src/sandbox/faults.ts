/** What is done to requests instead of, or to, their proper answer. */
export type FaultKind =
  /** Another answer: `status`, `headers`, `body`. */
  | 'answer'
  /** No answer at all; the connection stays open. */
  | 'hang'
  /** The connection is closed without an answer. */
  | 'close'
  /** The proper answer, of which half arrives and then nothing more. */
  | 'stall'
  /** The proper answer, whose connection breaks in the middle. */
  | 'cut'
  /** Half of the proper answer, sent as if it were whole: broken JSON. */
  | 'truncated'
  /** The proper answer; then the connection, which the client was told it may keep, is closed. */
  | 'hang-up';

export const faultKinds: readonly FaultKind[] = [
  'answer',
  'hang',
  'close',
  'stall',
  'cut',
  'truncated',
  'hang-up',
];

export type Fault = {
  kind: FaultKind;
  /** How many requests it still meets. */
  remaining: number;
  method?: string;
  /** A route's path as `/channels/:channel/messages`, or any part of an actual path. */
  route?: string;
  status: number;
  headers: Record<string, string>;
  body: string;
};

export type Faults = {
  add(fault: Fault): void;
  clear(): void;
  list(): readonly Fault[];
  /** The fault that meets this request, which is then one request shorter. */
  take(method: string, routePath: string, path: string): Fault | undefined;
};

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add: (fault) => faults.push(fault),
    clear: () => {
      faults = [];
    },
    list: () => faults,
    take(method, routePath, path) {
      const found = faults.find(
        (fault) =>
          (fault.method === undefined || fault.method === method) &&
          (fault.route === undefined || fault.route === routePath || path.includes(fault.route)),
      );
      if (!found) return undefined;
      found.remaining -= 1;
      if (found.remaining <= 0) faults = faults.filter((fault) => fault !== found);
      return found;
    },
  };
}
