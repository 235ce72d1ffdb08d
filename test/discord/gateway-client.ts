import { GatewayIntentBits } from 'discord-api-types/v10';
import { onTestFinished } from 'vitest';
import {
  createGateway,
  type Gateway,
  type GatewayOptions,
  type GatewaySession,
} from '../../src/discord/gateway.ts';
import { createLogger } from '../../src/lib/log.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Behaviour, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.ts';

export const INTENTS = GatewayIntentBits.Guilds | GatewayIntentBits.MessageContent;

/** Waits that Discord would stretch over a minute, in milliseconds. */
export const shortLimits = {
  helloTimeoutMs: 10_000, // a busy machine is not a Discord that says nothing
  handshakeTimeoutMs: 10_000,
  readyTimeoutMs: 10_000,
  closeTimeoutMs: 300,
  reconnectFirstMs: 20,
  reconnectMaxMs: 100,
  identifyIntervalMs: 10,
  invalidSessionMinMs: 20,
  invalidSessionMaxMs: 40,
};

export type Seen = { shardId: number; type: string; sequence: number; data: unknown };

export type Client = {
  gateway: Gateway;
  server: ScriptedGateway;
  /** Events as they were delivered. */
  seen: Seen[];
  /** Beginnings of sessions, and ups and downs, in order. */
  told: string[];
  /** As it was handed over with the latest events. */
  session: GatewaySession | null;
  /** Resolves when that many events were delivered. */
  hasSeen: (count: number) => Promise<void>;
};

type Setup = {
  behaviour?: Partial<Behaviour>;
  options?: Partial<GatewayOptions>;
  maxConcurrency?: number;
};

/** A gateway client and the scripted gateway that it talks to; both are closed when the test ends. */
export async function startGateway({
  behaviour,
  options = {},
  maxConcurrency = 1,
}: Setup = {}): Promise<Client> {
  const server = await startScriptedGateway(behaviour);
  const seen: Seen[] = [];
  const told: string[] = [];
  const gateway = createGateway({
    rest: { getGatewayBot: async () => gatewayBot(server.url, maxConcurrency) },
    token: 'secret',
    intents: INTENTS,
    sessions: { load: async () => null },
    onEvents: async (shardId, events, session) => {
      for (const { t: type, s: sequence, d: data } of events) {
        if (type === 'READY' || type === 'RESUMED') told.push(type);
        seen.push({ shardId, type, sequence, data });
      }
      client.session = session;
    },
    onUp: () => told.push('up'),
    onDown: () => told.push('down'),
    log: createLogger('silent'),
    signal: new AbortController().signal,
    ...options,
    limits: { ...shortLimits, ...options.limits },
  });
  onTestFinished(async () => {
    await gateway.close();
    await server.goAway().catch(() => {});
  });
  const client: Client = {
    gateway,
    server,
    seen,
    told,
    session: null,
    hasSeen: (count) => waitFor(() => seen.length >= count),
  };
  return client;
}

export function gatewayBot(url: string, max_concurrency = 1, remaining = 1_000) {
  return {
    url,
    shards: 1,
    session_start_limit: { total: 1_000, remaining, reset_after: 50, max_concurrency },
  };
}
