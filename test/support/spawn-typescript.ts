import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../src/lib/package-root.ts';

export type LineProcess = AsyncDisposable & {
  child: ChildProcess;
  pid: number;
  /** The next line of its standard output, parsed. Fails when the process ends instead. */
  nextLine(): Promise<Record<string, unknown>>;
  exited: Promise<unknown>;
};

/** Runs a TypeScript file of ours in a process and a process group of its own; it is killed at the end of the test. */
export function spawnTypescript(file: string, args: string[], options: SpawnOptions = {}): LineProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', join(packageRoot, file), ...args], {
    cwd: packageRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
  const exited = once(child, 'exit');
  if (!child.stdout || child.pid === undefined) throw new Error(`${file} did not start`);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    pid: child.pid,
    exited,
    async nextLine() {
      const line = await lines.next();
      if (line.done) throw new Error(`${file} ended without another line`);
      return JSON.parse(line.value);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
