import {
  GatewayDispatchEvents,
  type GatewayDispatchPayload,
  GatewayOpcodes,
  type GatewayReceivePayload,
  type GatewaySendPayload,
} from 'discord-api-types/v10';
import { WebSocket } from 'ws';
import type { Clock } from '../lib/clock.ts';
import { isRecord } from '../lib/is-record.ts';
import type { DispatchQueue, GatewaySession } from './dispatch-queue.ts';
import { createGatewayInflate, MAX_MESSAGE_BYTES } from './gateway-inflate.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import type { ConnectionEnd } from './gateway-recovery.ts';

export type ConnectionOptions = {
  url: string;
  isCompressed: boolean;
  token: string;
  intents: number;
  shardId: number;
  shardCount: number;
  /** To resume; null: identify. */
  session: GatewaySession | null;
  /** Resolves when this shard may IDENTIFY. */
  identifyTurn: (signal: AbortSignal) => Promise<void>;
  queue: DispatchQueue;
  /** READY or RESUMED arrived. */
  onLive: () => void;
  clock: Clock;
  random: () => number;
  limits: GatewayLimits;
  signal: AbortSignal;
};

export type ConnectionResult = {
  end: ConnectionEnd;
  /** What the next connection can resume. */
  session: GatewaySession | null;
  /** How long it was live; 0 when it never was. */
  liveMs: number;
};

const API_VERSION = '10';
const MIN_HEARTBEAT_MS = 10; // Discord asks for 41 s; this only keeps nonsense from becoming a flood
const SESSION_OVER = 1000; // tells Discord that the session will not come back …
const SESSION_RESUMES = 4200; // … and any other code that it may

/**
 * One WebSocket to the gateway, from opening to the end, whatever that is. Its phases: connecting → HELLO →
 * IDENTIFY or RESUME sent → READY or RESUMED, live → ended. Dispatches go into the queue in order, each with the
 * session that says "up to here"; when the queue is full, the socket is not read until half of it is free.
 */
export async function runGatewayConnection(options: ConnectionOptions): Promise<ConnectionResult> {
  return new GatewayConnection(options).run();
}

class GatewayConnection {
  readonly #options: ConnectionOptions;
  /** Aborts with the end of the connection: heartbeats, deadlines, the wait for IDENTIFY. */
  readonly #life = new AbortController();
  readonly #inflate = createGatewayInflate(
    (text) => this.#onText(text),
    (cause) => this.#end({ kind: 'broken', cause }),
  );
  #socket: WebSocket | null = null;
  #session: GatewaySession | null;
  #resolveEnd: (end: ConnectionEnd) => void = () => {};
  #deadline = new AbortController();
  #liveAt: number | null = null;
  /** When those heartbeats were sent that are not answered yet, in order. */
  readonly #heartbeats: number[] = [];
  #isPaused = false;
  /** Since a pause, answers to heartbeats stand behind what was not read: until they are through, any message is life. */
  #isBehind = false;
  #hasHeard = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#session = options.session;
  }

  async run(): Promise<ConnectionResult> {
    const { signal, clock } = this.#options;
    const stop = () => this.#end({ kind: 'stopped' });
    signal.addEventListener('abort', stop, { once: true });
    const end = await new Promise<ConnectionEnd>((resolve) => {
      this.#resolveEnd = resolve;
      if (signal.aborted) stop();
      else this.#open();
    });
    signal.removeEventListener('abort', stop);
    const liveMs = this.#liveAt === null ? 0 : clock.monotonic() - this.#liveAt;
    await this.#close(end);
    return { end, session: this.#session, liveMs };
  }

  #open(): void {
    const { limits } = this.#options;
    try {
      this.#socket = new WebSocket(this.#url(), {
        handshakeTimeout: limits.handshakeTimeoutMs,
        maxPayload: MAX_MESSAGE_BYTES,
        perMessageDeflate: false,
      });
    } catch (cause) {
      this.#end({ kind: 'broken', cause });
      return;
    }
    this.#socket.on('message', (data: Buffer, isBinary) => {
      if (this.#life.signal.aborted) return;
      if (isBinary) this.#inflate.push(data);
      else this.#onText(data.toString('utf8'));
    });
    this.#socket.on('error', (cause) => this.#end({ kind: 'broken', cause }));
    this.#socket.on('close', (code) => this.#end({ kind: 'closed', code }));
    this.#expect('HELLO', limits.handshakeTimeoutMs + limits.helloTimeoutMs);
  }

  #url(): URL {
    const url = new URL(this.#options.url);
    url.searchParams.set('v', API_VERSION);
    url.searchParams.set('encoding', 'json');
    if (this.#options.isCompressed) url.searchParams.set('compress', 'zlib-stream');
    return url;
  }

  /** The first reason counts. */
  #end(end: ConnectionEnd): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    this.#deadline.abort();
    this.#resolveEnd(end);
  }

  #onText(text: string): void {
    if (this.#life.signal.aborted) return;
    this.#hasHeard = true;
    try {
      const payload: unknown = JSON.parse(text);
      if (!isRecord(payload)) throw new Error('a message of the gateway is not an object');
      this.#onPayload(payload as unknown as GatewayReceivePayload, text.length);
    } catch (cause) {
      this.#end({ kind: 'broken', cause });
    }
  }

  #onPayload(payload: GatewayReceivePayload, sizeBytes: number): void {
    switch (payload.op) {
      case GatewayOpcodes.Hello:
        this.#startHeartbeats(payload.d.heartbeat_interval);
        this.#authenticate();
        break;
      case GatewayOpcodes.Dispatch:
        this.#onDispatch(payload, sizeBytes);
        break;
      case GatewayOpcodes.Heartbeat:
        this.#sendHeartbeat();
        break;
      case GatewayOpcodes.HeartbeatAck:
        this.#onHeartbeatAnswered();
        break;
      case GatewayOpcodes.Reconnect:
        this.#end({ kind: 'reconnect_asked' });
        break;
      case GatewayOpcodes.InvalidSession:
        this.#end({ kind: 'session_invalid', isResumable: payload.d === true });
        break;
    }
  }

  #authenticate(): void {
    const { token, intents, shardId, shardCount, identifyTurn, limits } = this.#options;
    const session = this.#session;
    if (session) {
      this.#send({
        op: GatewayOpcodes.Resume,
        d: { token, session_id: session.sessionId, seq: session.sequence },
      });
      this.#expect('RESUMED', limits.readyTimeoutMs);
      return;
    }
    this.#deadline.abort(); // waiting for our turn is no silence of Discord's
    const properties = { os: process.platform, browser: 'clipdex', device: 'clipdex' };
    identifyTurn(this.#life.signal).then(
      () => {
        const shard: [number, number] = [shardId, shardCount];
        this.#send({ op: GatewayOpcodes.Identify, d: { token, intents, properties, shard } });
        this.#expect('READY', limits.readyTimeoutMs);
      },
      (cause) => this.#end({ kind: 'broken', cause }),
    );
  }

  #onDispatch(payload: GatewayDispatchPayload, sizeBytes: number): void {
    const { queue, clock, limits, shardCount, onLive } = this.#options;
    if (payload.t === GatewayDispatchEvents.Ready) {
      const { session_id: sessionId, resume_gateway_url: resumeUrl } = payload.d;
      this.#session = { sessionId, resumeUrl, sequence: payload.s, shardCount };
    }
    if (!this.#session) throw new Error(`${payload.t} came before READY`);
    const sequence = Math.max(this.#session.sequence, payload.s);
    this.#session = { ...this.#session, sequence };
    if (payload.t === GatewayDispatchEvents.Ready || payload.t === GatewayDispatchEvents.Resumed) {
      this.#deadline.abort();
      this.#liveAt = clock.monotonic();
      onLive();
    } else if (this.#liveAt === null && !this.#isPaused) {
      this.#expect('RESUMED', limits.readyTimeoutMs);
    }
    queue.push({ payload, session: this.#session, sizeBytes });
    if (queue.isFull) this.#pause();
  }

  /** The answer stands behind all that Discord had dispatched; the consumer learns of it in that place. */
  #onHeartbeatAnswered(): void {
    const heartbeatAt = this.#heartbeats.shift();
    if (this.#heartbeats.length === 0) this.#isBehind = false;
    if (heartbeatAt === undefined || !this.#session || this.#liveAt === null) return;
    this.#options.queue.push({ payload: null, session: this.#session, heartbeatAt, sizeBytes: 0 });
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#isBehind = true;
    this.#deadline.abort(); // what we do not read is no silence of Discord's
    this.#socket?.pause();
    const { queue, limits } = this.#options;
    queue.onceDrained(() => {
      if (this.#life.signal.aborted) return;
      this.#isPaused = false;
      this.#hasHeard = true;
      if (this.#liveAt === null) this.#expect('RESUMED', limits.readyTimeoutMs);
      this.#socket?.resume();
    });
  }

  #startHeartbeats(intervalMs: number): void {
    if (!(intervalMs >= MIN_HEARTBEAT_MS)) throw new Error(`a heartbeat every ${intervalMs} ms is asked for`);
    const { clock, random } = this.#options;
    const { signal } = this.#life;
    const beat = async () => {
      await clock.sleep(intervalMs * random(), signal);
      for (;;) {
        const mayWait = this.#isPaused || (this.#isBehind && this.#hasHeard);
        if (this.#heartbeats.length > 0 && !mayWait) {
          this.#end({ kind: 'silent', awaited: 'answer to our heartbeat' });
          return;
        }
        this.#hasHeard = false;
        this.#sendHeartbeat();
        await clock.sleep(intervalMs, signal);
      }
    };
    beat().catch((cause) => this.#end({ kind: 'broken', cause }));
  }

  #sendHeartbeat(): void {
    this.#heartbeats.push(this.#options.clock.monotonic());
    this.#send({ op: GatewayOpcodes.Heartbeat, d: this.#session?.sequence ?? null });
  }

  /** A failed send needs no answer here: the socket's own end follows. */
  #send(payload: GatewaySendPayload): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(payload), () => {});
  }

  /** Ends the connection when the next message that counts does not come in time; replaces what was expected before. */
  #expect(awaited: string, timeoutMs: number): void {
    this.#deadline.abort();
    this.#deadline = new AbortController();
    this.#options.clock.sleep(timeoutMs, this.#deadline.signal).then(
      () => this.#end({ kind: 'silent', awaited }),
      () => {},
    );
  }

  /** Leaves no socket behind: a peer that is silent, or does not answer the closing handshake, is cut off. */
  async #close(end: ConnectionEnd): Promise<void> {
    const { clock, limits } = this.#options;
    const socket = this.#socket;
    this.#inflate.close();
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const isOver = end.kind === 'session_invalid' && !end.isResumable;
    socket.resume();
    if (end.kind === 'silent' || socket.readyState === WebSocket.CONNECTING) socket.terminate();
    else socket.close(isOver ? SESSION_OVER : SESSION_RESUMES);
    const timer = new AbortController();
    const late = clock.sleep(limits.closeTimeoutMs, timer.signal).then(
      () => socket.terminate(),
      () => {},
    );
    await Promise.race([closed, late]);
    timer.abort();
  }
}
