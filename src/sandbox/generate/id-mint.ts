const DISCORD_EPOCH_MS = 1_420_070_400_000;
/** The low bits of an id, which Discord fills with worker, process and increment. */
const LOW_BITS = 22n;
const LOW_VALUES = 2 ** 22;
/** Odd, so that multiplying permutes the low values: distinct counts give distinct bits that look unrelated. */
const SCATTER = 2_654_435_761;

/** Makes ids of given times. Two ids of one mint never agree, as their low bits differ. */
export type IdMint = (timeMs: number) => string;

export function createIdMint(): IdMint {
  let count = 0;
  return (timeMs) => {
    count += 1;
    const low = BigInt(Math.imul(count, SCATTER) >>> 0) % BigInt(LOW_VALUES);
    return String((BigInt(Math.trunc(timeMs) - DISCORD_EPOCH_MS) << LOW_BITS) | low);
  };
}
