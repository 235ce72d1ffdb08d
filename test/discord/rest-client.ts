import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { DiscordError } from '../../src/discord/discord-error.ts';
import { createDiscordRest, type DiscordRest, type DiscordRestOptions } from '../../src/discord/rest.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { type Answer, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export const TOKEN = 'MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.secret-part-of-a-token';
export const CHANNEL = '175928847299117063';
export const GUILD = '175928847299117000';

/** Waits that Discord would stretch over minutes, in milliseconds. */
export const shortLimits = {
  headersTimeoutMs: 10_000, // a busy machine is not a server that does not answer; see impatience
  totalTimeoutMs: 20_000,
  retryFirstMs: 10,
  retryMaxMs: 40,
  silentRefusalMs: 50,
  leastRefusalMs: 10,
  maxWaitMs: 3_000,
  requestsPerSecond: 1_000,
};

/** For a server that does not answer. */
export const impatience = { headersTimeoutMs: 1_000, totalTimeoutMs: 2_000 };

export type RestClient = {
  rest: DiscordRest;
  server: ScriptedServer;
  /** All that was logged, as text. */
  log: { text: string };
  stop: AbortController;
};

/** A client and the scripted server that it talks to; both are closed when the test ends. */
export async function startRest(
  fallback?: Answer,
  limits: DiscordRestOptions['limits'] = {},
  clock: Clock = systemClock,
): Promise<RestClient> {
  const server = await startScriptedServer(fallback);
  const stop = new AbortController();
  const log = { text: '' };
  const logger = pino(
    { level: 'trace' },
    {
      write: (line: string) => {
        log.text += line;
      },
    },
  );
  const rest = createDiscordRest({
    apiUrl: server.apiUrl,
    token: TOKEN,
    log: logger,
    clock,
    signal: stop.signal,
    limits: { ...shortLimits, ...limits },
  });
  onTestFinished(async () => {
    stop.abort();
    await rest.close();
    await server.close();
  });
  return { rest, server, log, stop };
}

/** The real clock, which can be set forward. */
export function skippingClock(): Clock & { skip(ms: number): void } {
  let skippedMs = 0;
  return {
    now: () => systemClock.now() + skippedMs,
    monotonic: () => systemClock.monotonic() + skippedMs,
    sleep: systemClock.sleep,
    skip: (ms) => {
      skippedMs += ms;
    },
  };
}

/** The DiscordError that the call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<DiscordError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DiscordError)) throw new Error(`no DiscordError but ${String(error)}`);
  return error;
}
