import { onTestFinished } from 'vitest';
import { createLogger } from '../../src/lib/log.ts';
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { smallWorld } from './small-world.ts';

export const USER_AGENT = 'DiscordBot (https://clipdex.example, 1.0)';

/** `body` is parsed JSON, or text. Tests say what they expect in it, so it needs no type of its own. */
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are read by tests
export type Reply = { status: number; headers: Headers; body: any };

/** A sandbox that ends with the test, with the ways in which tests talk to it. */
export type TestSandbox = RunningSandbox & {
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  control(name: string, fields?: object): Promise<Reply>;
};

/** Without rate limits unless the test is about them. */
export async function runSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox({
    port: 0,
    world: smallWorld(),
    limits: { isEnabled: false },
    log: createLogger('error'),
    signal: new AbortController().signal,
    ...options,
  });
  onTestFinished(() => sandbox.close());

  async function ask(url: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(url, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  const botHeaders = { 'user-agent': USER_AGENT, authorization: `Bot ${sandbox.token}` };
  const jsonBody = (body: unknown) =>
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return {
    ...sandbox,
    get: (path, headers) => ask(`${sandbox.apiUrl}/v10${path}`, { headers: { ...botHeaders, ...headers } }),
    send(method, path, body, headers) {
      const { headers: type, ...init } = jsonBody(body);
      const all = { ...botHeaders, ...type, ...headers };
      return ask(`${sandbox.apiUrl}/v10${path}`, { ...init, method, headers: all });
    },
    control: (name, fields = {}) =>
      ask(`${sandbox.url}/_sandbox/${name}`, { method: 'POST', ...jsonBody(fields) }),
  };
}
