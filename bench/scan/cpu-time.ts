/** Milliseconds of CPU that this process (all its threads) spends on the work. What lies about is collected before. */
export async function cpuMsOf(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
