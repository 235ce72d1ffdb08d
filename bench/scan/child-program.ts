import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Answer, type Call, type Calls, report } from './answer-calls.ts';
import { builtPrograms } from './built-programs.ts';
import type { MemoryProbe } from './memory-probe.ts';

export type ChildProgram<Known extends Calls> = AsyncDisposable & {
  isRunning(): boolean;
  call<Name extends keyof Known & string>(
    name: Name,
    input: Known[Name]['input'],
  ): Promise<Known[Name]['output']>;
};

/**
 * Runs a program of this folder in a process of its own, with the garbage collector at its hand, built as the product
 * is: a loader that translates while it runs would be measured too. One call at a time. Its progress goes to stderr.
 */
export async function startChild<Known extends Calls>(name: string): Promise<ChildProgram<Known>> {
  return withCalls(fork(join(await builtPrograms(), `${name}.js`), { execArgv: ['--expose-gc'] }));
}

/** Runs the product itself, built, which also answers the calls of the memory probe. */
export async function startProduct(env: Record<string, string>): Promise<ChildProgram<MemoryProbe>> {
  const folder = await builtPrograms();
  const probe = pathToFileURL(join(folder, 'memory-probe.js')).href;
  const child = fork(join(folder, 'main.js'), ['start'], {
    execArgv: ['--expose-gc', '--import', probe],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return withCalls(child, true);
}

/** `isService`: it ends when it is told to, not by itself when nobody calls any more. */
function withCalls<Known extends Calls>(child: ChildProcess, isService = false): ChildProgram<Known> {
  const exited = once(child, 'exit');
  return {
    isRunning: () => child.exitCode === null && child.signalCode === null,
    call: (call, input) => request(child, exited, { name: call, input }),
    async [Symbol.asyncDispose]() {
      if (isService) child.kill('SIGTERM');
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function request<Output>(child: ChildProcess, exited: Promise<unknown>, call: Call): Promise<Output> {
  child.send(call);
  for (;;) {
    const [answer] = (await Promise.race([
      once(child, 'message'),
      exited.then(() => [{ error: 'the process ended' }]),
    ])) as [Answer];
    if ('progress' in answer) report(answer.progress);
    else if ('error' in answer) throw new Error(`${call.name}: ${answer.error}`);
    else return answer.output as Output;
  }
}
