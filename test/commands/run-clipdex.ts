import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/lib/package-root.ts';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const program = ['--import', loader, join(packageRoot, 'src/main.ts')];

export type Outcome = { code: number | null; stdout: string; stderr: string };

/** Runs a command of the real program to its end, in an empty folder and with no environment but `env`. */
export async function runClipdex(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  await using clipdex = await startClipdex(args, env);
  return await clipdex.outcome();
}

export type RunningClipdex = AsyncDisposable & {
  child: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** Everything that it printed, once it has ended. */
  outcome(): Promise<Outcome>;
};

/** Starts the real program; it is killed at the end of the test when it still runs. */
export async function startClipdex(
  args: string[],
  env: Record<string, string> = {},
): Promise<RunningClipdex> {
  const cwd = await mkdtemp(join(tmpdir(), 'clipdex-cwd-'));
  const child = spawn(process.execPath, [...program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    child,
    exited,
    async outcome() {
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
      return { code, stdout, stderr };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await rm(cwd, { recursive: true });
    },
  };
}
