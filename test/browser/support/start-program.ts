import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Guild, Page } from '../../../src/http/contract.ts';
import { packageRoot } from '../../../src/lib/package-root.ts';

const START_DEADLINE_MS = 60_000;
const SCAN_DEADLINE_MS = 120_000;
const CLOSE_DEADLINE_MS = 15_000;
const POLL_MS = 200;

export type RunningProgram = {
  /** Of the page. */
  url: string;
  /** Does something to the sandbox: see `GET /_sandbox`. */
  control(name: string, fields?: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
};

/** The built program as a newcomer starts it, on a database and a sandbox of its own, once all history is read. */
export async function startProgram(): Promise<RunningProgram> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-browser-'));
  await chmod(dataDir, 0o755); // started by root, PostgreSQL runs as somebody else
  const child = spawn(process.execPath, ['dist/server/main.js', 'start'], {
    cwd: packageRoot,
    env: environment(dataDir),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async () => {
    await endProcess(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const { url, sandboxUrl } = await readAddresses(child);
    await waitUntilRead(url);
    return { url, control: (name, fields = {}) => control(sandboxUrl, name, fields), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Without the settings of whoever runs the tests: a real token must never be used here. */
function environment(dataDir: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: dataDir,
    PORT: '0',
    SANDBOX_PORT: '0',
    SANDBOX_LIVE_TRAFFIC: 'off',
    LOG_LEVEL: 'warn',
  };
}

async function readAddresses(child: ChildProcess): Promise<{ url: string; sandboxUrl: string }> {
  if (!child.stdout) throw new Error('the program has no output');
  let sandboxUrl = '';
  const lines = createInterface({ input: child.stdout, signal: AbortSignal.timeout(START_DEADLINE_MS) });
  for await (const line of lines) {
    sandboxUrl = /(http:\S+)\/api$/.exec(line)?.[1] ?? sandboxUrl;
    const url = /^Clipdex is at (\S+)$/.exec(line)?.[1];
    if (url) return { url, sandboxUrl };
  }
  throw new Error('the program ended, or took too long, before it told its address');
}

async function waitUntilRead(url: string): Promise<void> {
  const deadline = performance.now() + SCAN_DEADLINE_MS;
  let stillness = 0; // runs are made in a burst; only a lasting stillness is the end
  while (stillness < 5) {
    if (performance.now() > deadline)
      throw new Error(`the sandbox was not read within ${SCAN_DEADLINE_MS} ms`);
    await delay(POLL_MS);
    const { items } = (await (await fetch(`${url}/api/guilds`)).json()) as Page<Guild>;
    const isRead =
      items.length > 0 &&
      items.every(({ states }) => states.read > 0 && states.waiting + states.scanning === 0);
    stillness = isRead ? stillness + 1 : 0;
  }
}

async function control(sandboxUrl: string, name: string, fields: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${sandboxUrl}/_sandbox/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const isEnded = await Promise.race([exited.then(() => true), delay(CLOSE_DEADLINE_MS).then(() => false)]);
  if (!isEnded) {
    child.kill('SIGKILL');
    throw new Error(`the program did not end within ${CLOSE_DEADLINE_MS} ms`);
  }
}
