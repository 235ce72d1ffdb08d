import { createInflate, constants as zlib } from 'node:zlib';
import { GatewayIntentBits } from 'discord-api-types/v10';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** Longer than any answer takes on a busy machine. */
const DEADLINE_MS = 20_000;

export const usualIntents =
  GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent;

// biome-ignore lint/suspicious/noExplicitAny: payloads of every shape are read by tests
export type Received = { op: number; t: string | null; s: number | null; d: any };

export type GatewayClient = {
  /** The first payload, not yet taken, that fits; fails when none arrives in time. */
  next(fits: (payload: Received) => boolean): Promise<Received>;
  event(name: string): Promise<Received>;
  op(op: number): Promise<Received>;
  send(op: number, d: unknown): void;
  sendText(text: string): void;
  closed(): Promise<number>;
  disconnect(): void;
  /** Names of the events that nobody has taken. */
  untaken(): (string | null)[];
  /** The last sequence seen. */
  sequence(): number;
};

export function connectGateway(url: string, query = 'v=10&encoding=json'): GatewayClient {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/gateway?${query}`);
  const received: Received[] = [];
  let wake = () => {};
  let sequence = 0;
  const closing = new Promise<number>((resolve) => {
    socket.on('close', (code) => resolve(code));
  });

  const take = (text: string) => {
    const payload: Received = JSON.parse(text);
    sequence = payload.s ?? sequence;
    received.push(payload);
    wake();
  };
  const inflate = query.includes('compress=zlib-stream') ? createStreamReader(take) : undefined;
  socket.on('message', (data: Buffer, isBinary) =>
    inflate && isBinary ? inflate(data) : take(data.toString()),
  );
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());

  async function next(fits: (payload: Received) => boolean): Promise<Received> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      const index = received.findIndex(fits);
      const [payload] = index === -1 ? [] : received.splice(index, 1);
      if (payload) return payload;
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        deadline.addEventListener('abort', () =>
          reject(new Error(`not received; there is ${JSON.stringify(received).slice(0, 500)}`)),
        );
      });
    }
  }

  return {
    next,
    event: (name) => next(({ t }) => t === name),
    op: (op) => next((payload) => payload.op === op),
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    sendText: (text) => socket.send(text),
    closed: () => closing,
    disconnect: () => socket.terminate(),
    untaken: () => received.map(({ t }) => t),
    sequence: () => sequence,
  };
}

/** Connects, identifies, and takes READY. */
export async function identify(
  sandbox: { url: string; token: string },
  options: { intents?: number; shard?: [number, number]; query?: string; compress?: boolean } = {},
) {
  const client = connectGateway(sandbox.url, options.query);
  await client.op(10);
  client.send(2, {
    token: sandbox.token,
    intents: options.intents ?? usualIntents,
    properties: { os: 'linux', browser: 'test', device: 'test' },
    ...(options.shard && { shard: options.shard }),
    ...(options.compress && { compress: true }),
  });
  const ready = await client.event('READY');
  return { client, ready: ready.d };
}

/** A frame is whole when it ends in a sync flush; then what was inflated since the last is one payload. */
function createStreamReader(take: (text: string) => void): (frame: Buffer) => void {
  const inflate = createInflate({ finishFlush: zlib.Z_SYNC_FLUSH });
  let text = '';
  inflate.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return (frame) => {
    if (frame.subarray(-4).toString('hex') !== '0000ffff') throw new Error('a frame without a sync flush');
    inflate.write(frame, () => {
      take(text);
      text = '';
    });
  };
}
