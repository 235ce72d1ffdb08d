/**
 * Chance that repeats: the same seed gives the same draws on every machine and Node version, which `Math.random`
 * cannot promise. `fork` gives a part of the world its own stream, so that more draws in one part leave the others alone.
 */
export type Random = {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** Picks a key; the values are weights. */
  weighted<Key extends string>(weights: Readonly<Partial<Record<Key, number>>>): Key;
  shuffled<Item>(items: readonly Item[]): Item[];
  fork(label: string): Random;
};

/** Mulberry32: 32 bits of state, fast, and even enough for made-up chatter. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => itemAt(items, int(0, items.length - 1)),
    weighted: (weights) => pickWeighted(weights, next()),
    shuffled(items) {
      const result = [...items];
      for (let last = result.length - 1; last > 0; last -= 1) {
        const other = int(0, last);
        const moved = itemAt(result, last);
        result[last] = itemAt(result, other);
        result[other] = moved;
      }
      return result;
    },
    fork: (label) => createRandom(mix(seed, label)),
  };
}

function itemAt<Item>(items: readonly Item[], index: number): Item {
  if (index < 0 || index >= items.length) throw new RangeError('nothing to pick from');
  return items[index] as Item;
}

type Shares<Key extends string> = { keys: Key[]; weights: number[]; total: number };
/** The same few tables are drawn from thousands of times, so each is taken apart once. */
const known = new WeakMap<object, Shares<string>>();

function pickWeighted<Key extends string>(
  weights: Readonly<Partial<Record<Key, number>>>,
  draw: number,
): Key {
  let shares = known.get(weights) as Shares<Key> | undefined;
  if (!shares) {
    const entries = Object.entries(weights) as [Key, number][];
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    shares = { keys: entries.map(([key]) => key), weights: entries.map(([, weight]) => weight), total };
    known.set(weights, shares);
  }
  let rest = draw * shares.total;
  let place = 0;
  while (place < shares.keys.length - 1) {
    rest -= shares.weights[place] ?? 0;
    if (rest < 0) break;
    place += 1;
  }
  return itemAt(shares.keys, place);
}

/** FNV-1a over the label, started from the seed. */
function mix(seed: number, label: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (const character of label) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
