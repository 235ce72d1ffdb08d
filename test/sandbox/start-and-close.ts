/*
 * Run as a process of its own: serves the generated world, is talked to, closes, and must then end by itself.
 * Prints how long the start took and what memory the world and its server hold.
 */
import { createLogger } from '../../src/lib/log.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { startSandbox } from '../../src/sandbox/server.ts';

const world = generateWorld(1);
const startedAt = performance.now();
const sandbox = await startSandbox({
  port: 0,
  world,
  liveTraffic: true,
  log: createLogger('error'),
  signal: new AbortController().signal,
});
const startMs = performance.now() - startedAt;
const response = await fetch(`${sandbox.url}/_sandbox/seed`);
await response.json();
globalThis.gc?.();
const heapBytes = process.memoryUsage().heapUsed;
const closingAt = performance.now();
await sandbox.close();
const closeMs = performance.now() - closingAt;
process.stdout.write(JSON.stringify({ startMs, closeMs, heapBytes }));
