import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayOpcodes } from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import type { SandboxLimits } from '../rate-limits.ts';
import type { SandboxState } from '../state.ts';
import type { Stats } from '../stats.ts';
import { openConnection } from './connection.ts';
import { controlPayload } from './payload.ts';
import { createSessionTable, type GatewayFaults, type SessionTable } from './session-table.ts';
import { createStartLimit, type StartLimit } from './start-limit.ts';
import { type Violation, violations } from './violations.ts';

export type GatewayHub = {
  readonly url: string;
  readonly faults: GatewayFaults;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  startLimit: StartLimit['describe'];
  /** Ends all connections: with a close code, or without a word when there is none. */
  drop(options: { code: number | undefined; isResumable: boolean }): number;
  /** Op 7, or op 9 which says whether the session may be resumed. */
  tell(what: 'reconnect' | 'resume' | 'identify anew'): number;
  connected(): number;
  close(): void;
};

export function createGateway(options: {
  state: SandboxState;
  token: string;
  limits: SandboxLimits;
  stats: Stats;
}): GatewayHub {
  const { state, token, limits, stats } = options;
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const starts = createStartLimit(limits.isEnabled);
  const url = `${state.baseUrl.replace(/^http/, 'ws')}/gateway`;
  const { heartbeatIntervalMs } = limits;
  const table = createSessionTable({ state, token, url, stats, starts, heartbeatIntervalMs });
  state.events.on('dispatch', table.spread);
  return {
    url,
    faults: table.faults,
    startLimit: starts.describe,
    upgrade: (request, socket, head) => upgrade(table, server, request, socket, head),
    drop: ({ code, isResumable }) => drop(table, code, isResumable),
    tell: (what) => tell(table, what),
    connected: () => table.connections.size,
    close() {
      state.events.off('dispatch', table.spread);
      for (const connection of table.connections) connection.terminate();
      table.sessions.clear();
      server.close();
    },
  };
}

function upgrade(
  table: SessionTable,
  server: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  if (table.faults.isDown) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
  server.handleUpgrade(request, socket, head, (client) => {
    const connection = openConnection(table, client, query.get('compress') === 'zlib-stream');
    table.connections.add(connection);
    const violation = checkQuery(query);
    if (violation) connection.wire.close(violation.code, violation.reason);
  });
}

function checkQuery(query: URLSearchParams): Violation | undefined {
  const version = query.get('v') ?? '10';
  const compression = query.get('compress') ?? 'zlib-stream';
  const encoding = query.get('encoding') ?? 'json';
  if (version !== '10' && version !== '9') return violations.invalidVersion;
  const isSpoken = encoding === 'json' && compression === 'zlib-stream';
  return isSpoken
    ? undefined
    : { ...violations.decodeError, reason: 'Only JSON and zlib-stream are spoken here.' };
}

function drop(table: SessionTable, code: number | undefined, isResumable: boolean): number {
  const dropped = [...table.connections];
  if (!isResumable) table.sessions.clear();
  for (const connection of dropped) {
    if (code === undefined) connection.terminate();
    else connection.wire.close(code, '');
  }
  return dropped.length;
}

/** After op 9 a connection has no session: it may identify, or resume the one that it had, on the same connection. */
function tell(table: SessionTable, what: 'reconnect' | 'resume' | 'identify anew'): number {
  if (what === 'identify anew') table.sessions.clear();
  for (const connection of table.connections) {
    if (what === 'reconnect') {
      connection.wire.send(controlPayload(GatewayOpcodes.Reconnect, null));
    } else {
      table.detach(connection);
      connection.wire.send(controlPayload(GatewayOpcodes.InvalidSession, what === 'resume'));
    }
  }
  return table.connections.size;
}
