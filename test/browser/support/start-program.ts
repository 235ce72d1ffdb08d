import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { packageRoot } from '../../../src/lib/package-root.ts';

const START_DEADLINE_MS = 60_000;
const CLOSE_DEADLINE_MS = 15_000;

export type RunningProgram = {
  /** Of the page. */
  url: string;
  /** Does something to the sandbox: see `GET /_sandbox`. */
  control(name: string, fields?: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
};

/**
 * The built program as a newcomer starts it, on a database and a sandbox of its own.
 * @param settings Of its environment, beyond what every test needs.
 */
export async function startProgram(settings: NodeJS.ProcessEnv): Promise<RunningProgram> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-browser-'));
  await chmod(dataDir, 0o755); // started by root, PostgreSQL runs as somebody else
  const child = spawn(process.execPath, ['dist/server/main.js', 'start'], {
    cwd: packageRoot,
    env: { ...environment(dataDir), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async () => {
    await endProcess(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const { url, sandboxUrl } = await readAddresses(child);
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
