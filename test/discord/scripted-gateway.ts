import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { constants, createDeflate } from 'node:zlib';
import { type WebSocket, WebSocketServer } from 'ws';
import { waitFor } from '../support/wait-for.ts';

export type Payload = { op: number; d?: unknown; s?: number | null; t?: string | null };

/** One connection as the server sees it. */
export type Connection = {
  query: URLSearchParams;
  at: number;
  received: Payload[];
  closeCode: number | null;
  socket: WebSocket;
  send: (payload: Payload) => void;
  sendText: (text: string) => void;
};

export type Behaviour = {
  heartbeatMs: number;
  says: 'hello' | 'nothing';
  acknowledges: boolean;
  onIdentify: (connection: Connection) => void;
  onResume: (connection: Connection, resume: { session_id: string; seq: number }) => void;
};

/**
 * A gateway with one session per IDENTIFY whose events are kept for RESUME. A test changes `behaviour` to make it
 * misbehave.
 */
export async function startScriptedGateway(changes: Partial<Behaviour> = {}) {
  const connections: Connection[] = [];
  const events: Payload[] = [];
  const counts = { sessions: 0 };
  const ready = (connection: Connection) => {
    counts.sessions += 1;
    events.length = 0;
    const data = {
      v: 10,
      session_id: `session-${counts.sessions}`,
      resume_gateway_url: gateway.url,
      guilds: [],
    };
    emit('READY', data, connection);
  };
  const replay = (connection: Connection, resume: { session_id: string; seq: number }) => {
    if (resume.session_id !== `session-${counts.sessions}`) {
      connection.send({ op: 9, d: false, s: null, t: null });
      return;
    }
    for (const event of events) if ((event.s ?? 0) > resume.seq) connection.send(event);
    emit('RESUMED', {}, connection);
  };
  const behaviour: Behaviour = {
    heartbeatMs: 10_000,
    says: 'hello',
    acknowledges: true,
    onIdentify: ready,
    onResume: replay,
    ...changes,
  };

  /** An event of the current session, to its connection if there is one. */
  function emit(type: string, data: unknown, connection = connections.at(-1)): number {
    const event = { op: 0, t: type, s: events.length + 1, d: data };
    events.push(event);
    connection?.send(event);
    return event.s;
  }

  let server = await listen(0);
  const port = (server.address() as AddressInfo).port;

  async function listen(onPort: number): Promise<WebSocketServer> {
    const started = new WebSocketServer({ port: onPort, host: '127.0.0.1' });
    await once(started, 'listening');
    started.on('connection', (socket, request) => {
      const connection = accept(socket, new URL(request.url ?? '', 'ws://localhost').searchParams);
      connections.push(connection);
      socket.on('message', (data) => answer(connection, JSON.parse(String(data))));
      if (behaviour.says === 'hello') {
        connection.send({ op: 10, d: { heartbeat_interval: behaviour.heartbeatMs }, s: null, t: null });
      }
    });
    return started;
  }

  function answer(connection: Connection, payload: Payload): void {
    connection.received.push(payload);
    if (payload.op === 1 && behaviour.acknowledges) connection.send({ op: 11 });
    if (payload.op === 2) behaviour.onIdentify(connection);
    if (payload.op === 6) behaviour.onResume(connection, payload.d as { session_id: string; seq: number });
  }

  const gateway = {
    url: `ws://127.0.0.1:${port}`,
    connections,
    behaviour,
    emit,
    ready,
    /** Waits for the nth connection and the first payload with that op on it. */
    async received(nth: number, op: number): Promise<Payload> {
      const find = () => connections[nth - 1]?.received.find((payload) => payload.op === op);
      await waitFor(() => find() !== undefined);
      return find() as Payload;
    },
    async goAway(): Promise<void> {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
    async comeBack(): Promise<void> {
      server = await listen(port);
    },
  };
  return gateway;
}

export type ScriptedGateway = Awaited<ReturnType<typeof startScriptedGateway>>;

function accept(socket: WebSocket, query: URLSearchParams): Connection {
  const deflate = query.get('compress') === 'zlib-stream' ? createDeflate() : null;
  deflate?.on('data', (chunk) => socket.send(chunk));
  const sendText = (text: string) => {
    if (!deflate) socket.send(text);
    else {
      deflate.write(text);
      deflate.flush(constants.Z_SYNC_FLUSH);
    }
  };
  const connection: Connection = {
    query,
    at: performance.now(),
    received: [],
    closeCode: null,
    socket,
    sendText,
    send: (payload) => sendText(JSON.stringify(payload)),
  };
  socket.on('close', (code) => {
    connection.closeCode = code;
  });
  return connection;
}
