import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DiscordRest } from '../../src/discord/rest.ts';
import { createDiscordRest } from '../../src/discord/rest.ts';
import type { TransportLimits } from '../../src/discord/transport-request.ts';
import { createLogger } from '../../src/lib/log.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import type { Answer } from '../scan/answer-calls.ts';
import type { Arrivals, LimitedServer, Limits } from './limited-server.ts';

export type LimitedChild = AsyncDisposable & {
  open(limits: Limits): Promise<string>;
  arrivalsAt(apiUrl: string): Promise<Arrivals>;
};

/** Servers with limits, in one process beside this one. */
export function startLimitedChild(): LimitedChild {
  const child = fork(join(packageRoot, 'bench', 'pace', 'limited-server.ts'), {
    execArgv: ['--import', 'tsx'],
  });
  const exited = once(child, 'exit');
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: answers carry no name. */
  function call<Name extends keyof LimitedServer>(
    name: Name,
    input: LimitedServer[Name]['input'],
  ): Promise<LimitedServer[Name]['output']> {
    const answer = last.then(() => ask(name, input));
    last = answer.catch(() => {});
    return answer;
  }
  async function ask<Name extends keyof LimitedServer>(
    name: Name,
    input: LimitedServer[Name]['input'],
  ): Promise<LimitedServer[Name]['output']> {
    child.send({ name, input });
    const [answer] = (await Promise.race([
      once(child, 'message'),
      exited.then(() => [{ error: 'the process ended' }]),
    ])) as [Answer];
    if (!('output' in answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer.output as LimitedServer[Name]['output'];
  }
  return {
    open: async (limits) => (await call('open', limits)).apiUrl,
    arrivalsAt: (apiUrl) => call('arrivals', { apiUrl }),
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** The client as the product builds it, with nothing learned yet. */
export function openRest(apiUrl: string, limits: Partial<TransportLimits> = {}): DiscordRest {
  const log = createLogger('silent');
  return createDiscordRest({
    apiUrl,
    token: 'bench.token',
    log,
    signal: new AbortController().signal,
    limits,
  });
}

export function channelIds(count: number): string[] {
  return Array.from({ length: count }, (_, n) => String(400_000_000_000_000_000n + BigInt(n)));
}
