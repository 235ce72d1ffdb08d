import { GatewayCloseCodes, GatewayOpcodes } from 'discord-api-types/v10';
import type { RawData, WebSocket } from 'ws';
import type { GatewayCore } from './hub.ts';
import { readIdentify } from './identify.ts';
import { controlPayload, fieldsOf, MAX_PAYLOAD_BYTES, parsePayload } from './payload.ts';
import { createSession, missedEvents, type Session } from './session.ts';
import { createWire } from './wire.ts';

/** More are closed with 4008. */
const MAX_SENDS = 120;
const SEND_WINDOW_MS = 60_000;
/** A client that misses a heartbeat by this factor is gone. */
const HEARTBEAT_PATIENCE = 1.5;

export type Connection = {
  close(code: number, reason: string): void;
  /** Breaks the connection without a word. */
  terminate(): void;
  send(text: string): void;
  readonly session: Session | undefined;
};

/**
 * One client: HELLO → IDENTIFY or RESUME → dispatches; heartbeats all along. What breaks the rules is closed with the
 * documented code. The session outlives the connection.
 */
export function openConnection(core: GatewayCore, socket: WebSocket, isStream: boolean): Connection {
  const wire = createWire(socket, isStream);
  const { heartbeatIntervalMs } = core.limits;
  let session: Session | undefined;
  let sentAt: number[] = [];
  const heartbeatTimer = setTimeout(
    () => close(GatewayCloseCodes.SessionTimedOut, 'Session timed out.'),
    heartbeatIntervalMs * HEARTBEAT_PATIENCE,
  );

  const connection: Connection = {
    close,
    terminate: () => socket.terminate(),
    send: (text) => wire.send(text),
    get session() {
      return session;
    },
  };

  socket.on('message', receive);
  socket.on('error', () => socket.terminate());
  socket.on('close', (code) => {
    clearTimeout(heartbeatTimer);
    wire.release();
    core.disconnected(connection, session, code);
  });
  wire.send(controlPayload(GatewayOpcodes.Hello, { heartbeat_interval: heartbeatIntervalMs, _trace: [] }));
  return connection;

  function close(code: number, reason: string): void {
    wire.close(code, reason);
  }

  function receive(data: RawData): void {
    const now = performance.now();
    sentAt = sentAt.filter((at) => at > now - SEND_WINDOW_MS);
    if (sentAt.push(now) > MAX_SENDS)
      return close(GatewayCloseCodes.RateLimited, 'You are being rate limited.');
    const text = data.toString();
    const payload = Buffer.byteLength(text) > MAX_PAYLOAD_BYTES ? undefined : parsePayload(text);
    if (!payload) return close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
    handle(payload.op, payload.d);
  }

  function handle(op: number, data: unknown): void {
    switch (op) {
      case GatewayOpcodes.Heartbeat:
        heartbeatTimer.refresh();
        if (!core.faults.skipsAcks) wire.send(controlPayload(GatewayOpcodes.HeartbeatAck, null));
        return;
      case GatewayOpcodes.Identify:
        return identify(data);
      case GatewayOpcodes.Resume:
        return resume(data);
      case GatewayOpcodes.PresenceUpdate:
      case GatewayOpcodes.VoiceStateUpdate:
      case GatewayOpcodes.RequestGuildMembers:
        if (!session) close(GatewayCloseCodes.NotAuthenticated, 'Not authenticated.');
        return;
      default:
        return close(GatewayCloseCodes.UnknownOpcode, 'Unknown opcode.');
    }
  }

  function identify(data: unknown): void {
    if (session) return close(GatewayCloseCodes.AlreadyAuthenticated, 'Already authenticated.');
    const read = readIdentify(data, core.expected());
    if (read.kind === 'refused') return close(read.code, read.reason);
    if (!core.takeStart(read.shard[0])) {
      return wire.send(controlPayload(GatewayOpcodes.InvalidSession, false));
    }
    if (read.compressesPayloads) wire.compressPayloads();
    session = createSession(read.intents, read.shard, wire);
    core.identified(session);
  }

  function resume(data: unknown): void {
    if (session) return close(GatewayCloseCodes.AlreadyAuthenticated, 'Already authenticated.');
    const { token, session_id: sessionId, seq } = fieldsOf(data);
    if (typeof seq !== 'number' || typeof sessionId !== 'string') {
      return close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
    }
    if (typeof token !== 'string' || token.replace(/^Bot /, '') !== core.expected().token) {
      return close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
    }
    const found = core.findSession(sessionId);
    if (found && seq > found.sequence) return close(GatewayCloseCodes.InvalidSeq, 'Invalid seq.');
    const missed = found && missedEvents(found, seq);
    if (!found || !missed) {
      core.refusedResume();
      return wire.send(controlPayload(GatewayOpcodes.InvalidSession, false));
    }
    core.takeOver(found);
    session = found;
    for (const text of missed) wire.send(text);
    session.outlet = wire;
    session.detachedAt = undefined;
    core.resumed(session);
  }
}
