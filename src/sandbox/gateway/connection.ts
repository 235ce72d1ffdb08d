import { GatewayOpcodes } from 'discord-api-types/v10';
import type { WebSocket } from 'ws';
import { isToken, readIdentify } from './identify.ts';
import { controlPayload, fieldsOf, MAX_PAYLOAD_BYTES, parsePayload } from './payload.ts';
import { type Connection, createSession, missedEvents } from './session.ts';
import type { SessionTable } from './session-table.ts';
import { type Violation, violations } from './violations.ts';
import { createWire } from './wire.ts';

/** Sends allowed to a client in a minute. */
const MAX_SENDS = 120;
const SEND_WINDOW_MS = 60_000;
/** A client that is late with a heartbeat by this factor is gone. */
const HEARTBEAT_PATIENCE = 1.5;

/**
 * One client: HELLO → IDENTIFY or RESUME → dispatches; heartbeats all along. What breaks the rules is closed with the
 * documented code. The session outlives the connection.
 */
export function openConnection(table: SessionTable, socket: WebSocket, isStream: boolean): Connection {
  const wire = createWire(socket, isStream);
  const connection: Connection = {
    wire,
    session: undefined,
    sentAt: [],
    terminate: () => socket.terminate(),
  };
  const close = ({ code, reason }: Violation) => wire.close(code, reason);
  const heartbeatTimer = setTimeout(
    () => close(violations.sessionTimedOut),
    table.heartbeatIntervalMs * HEARTBEAT_PATIENCE,
  );

  socket.on('message', (data) => {
    const text = data.toString();
    const payload = Buffer.byteLength(text) > MAX_PAYLOAD_BYTES ? undefined : parsePayload(text);
    if (payload?.op === GatewayOpcodes.Heartbeat) heartbeatTimer.refresh();
    const violation = isTooBusy(connection)
      ? violations.rateLimited
      : payload
        ? handle(table, connection, payload.op, payload.d)
        : violations.decodeError;
    if (violation) close(violation);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', (code) => {
    clearTimeout(heartbeatTimer);
    wire.release();
    table.disconnected(connection, code);
  });
  const hello = { heartbeat_interval: table.heartbeatIntervalMs, _trace: [] };
  wire.send(controlPayload(GatewayOpcodes.Hello, hello));
  return connection;
}

function isTooBusy(connection: Connection): boolean {
  const now = performance.now();
  connection.sentAt = connection.sentAt.filter((at) => at > now - SEND_WINDOW_MS);
  return connection.sentAt.push(now) > MAX_SENDS;
}

function handle(
  table: SessionTable,
  connection: Connection,
  op: number,
  data: unknown,
): Violation | undefined {
  switch (op) {
    case GatewayOpcodes.Heartbeat:
      if (!table.faults.skipsAcks) connection.wire.send(controlPayload(GatewayOpcodes.HeartbeatAck, null));
      return undefined;
    case GatewayOpcodes.Identify:
      return connection.session ? violations.alreadyAuthenticated : identify(table, connection, data);
    case GatewayOpcodes.Resume:
      return connection.session ? violations.alreadyAuthenticated : resume(table, connection, data);
    case GatewayOpcodes.PresenceUpdate:
    case GatewayOpcodes.VoiceStateUpdate:
    case GatewayOpcodes.RequestGuildMembers:
      return connection.session ? undefined : violations.notAuthenticated;
    default:
      return violations.unknownOpcode;
  }
}

function identify(table: SessionTable, connection: Connection, data: unknown): Violation | undefined {
  const read = readIdentify(data, table.expected());
  if (read.kind === 'refused') return read.violation;
  if (!table.takeStart(read.shard[0])) {
    connection.wire.send(controlPayload(GatewayOpcodes.InvalidSession, false));
    return undefined;
  }
  if (read.compressesPayloads) connection.wire.compressPayloads();
  connection.session = createSession(read.intents, read.shard, connection.wire);
  table.identified(connection.session);
  return undefined;
}

function resume(table: SessionTable, connection: Connection, data: unknown): Violation | undefined {
  const { token, session_id: sessionId, seq } = fieldsOf(data);
  if (typeof seq !== 'number' || typeof sessionId !== 'string') return violations.decodeError;
  if (!isToken(token, table.expected())) return violations.authenticationFailed;
  const session = table.find(sessionId);
  if (session && seq > session.sequence) return violations.invalidSequence;
  const missed = session && missedEvents(session, seq);
  if (!session || !missed) {
    table.refusedResume();
    connection.wire.send(controlPayload(GatewayOpcodes.InvalidSession, false));
    return undefined;
  }
  table.takeOver(session);
  connection.session = session;
  for (const text of missed) connection.wire.send(text);
  session.outlet = connection.wire;
  session.detachedAt = undefined;
  table.resumed(session);
  return undefined;
}
