import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayOpcodes } from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import { shardOf } from '../ids.ts';
import type { SandboxLimits } from '../rate-limits.ts';
import type { SandboxState, Switches, WorldEvent } from '../state.ts';
import type { Stats } from '../stats.ts';
import { type Connection, openConnection } from './connection.ts';
import { greet } from './greeting.ts';
import { hasIntent, mayReadContent } from './intents.ts';
import { controlPayload } from './payload.ts';
import { dispatch, RESUME_WINDOW_MS, type Session } from './session.ts';
import { createStartLimit, type StartLimit } from './start-limit.ts';

/** A normal end: Discord forgets the session. */
const endingCodes: ReadonlySet<number> = new Set([1000, 1001]);
/** Close codes after which a session cannot be resumed. */
const finalCodes: ReadonlySet<number> = new Set([4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014]);

export type GatewayFaults = {
  /** Heartbeats are not acknowledged. */
  skipsAcks: boolean;
  /** Every RESUME is answered by op 9. */
  refusesResumes: boolean;
  /** No new connections, as in an outage. */
  isDown: boolean;
};

/** What a connection needs of the gateway around it. */
export type GatewayCore = {
  limits: SandboxLimits;
  faults: GatewayFaults;
  expected(): { token: string; switches: Switches; guildCount: number };
  takeStart(shardId: number): boolean;
  findSession(id: string): Session | undefined;
  /** A session has one connection: whoever resumes it ends the other. */
  takeOver(session: Session): void;
  identified(session: Session): void;
  resumed(session: Session): void;
  refusedResume(): void;
  disconnected(connection: Connection, session: Session | undefined, code: number): void;
};

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
  const { state, limits, stats } = options;
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  const starts = createStartLimit(limits.isEnabled);
  const faults: GatewayFaults = { skipsAcks: false, refusesResumes: false, isDown: false };
  const url = `${state.baseUrl.replace(/^http/, 'ws')}/gateway`;

  const core: GatewayCore = {
    limits,
    faults,
    expected: () => ({
      token: options.token,
      switches: state.switches,
      guildCount: [...state.world.guilds.values()].filter((guild) => guild.botJoined).length,
    }),
    takeStart: (shardId) => starts.take(shardId),
    findSession: (id) => (faults.refusesResumes ? undefined : sessions.get(id)),
    takeOver(session) {
      for (const other of connections) {
        if (other.session === session) other.close(4000, 'Session resumed elsewhere.');
      }
    },
    identified(session) {
      stats.gateway.identified += 1;
      sessions.set(session.id, session);
      greet(state, session, url);
    },
    resumed(session) {
      stats.gateway.resumed += 1;
      dispatch(session, 'RESUMED', { _trace: [] });
    },
    refusedResume() {
      stats.gateway.refusedResumes += 1;
    },
    disconnected(connection, session, code) {
      connections.delete(connection);
      const isReplaced = [...connections].some((other) => other.session === session);
      if (!session || isReplaced) return;
      session.outlet = undefined;
      session.detachedAt = performance.now();
      if (endingCodes.has(code) || finalCodes.has(code)) sessions.delete(session.id);
    },
  };

  state.events.on('dispatch', spread);
  return {
    url,
    faults,
    upgrade(request, socket, head) {
      if (faults.isDown) return refuseUpgrade(socket);
      const query = new URL(request.url ?? '/', state.baseUrl).searchParams;
      server.handleUpgrade(request, socket, head, (client) => {
        const version = query.get('v') ?? '10';
        const compression = query.get('compress');
        const connection = openConnection(core, client, compression === 'zlib-stream');
        connections.add(connection);
        if (version !== '10' && version !== '9') connection.close(4012, 'Invalid API version.');
        else if ((query.get('encoding') ?? 'json') !== 'json')
          connection.close(4002, 'Only JSON is spoken here.');
        else if (compression !== null && compression !== 'zlib-stream') {
          connection.close(4002, 'Only zlib-stream compression is spoken here.');
        }
      });
    },
    startLimit: starts.describe,
    drop({ code, isResumable }) {
      const dropped = [...connections];
      for (const connection of dropped) {
        if (!isResumable && connection.session) sessions.delete(connection.session.id);
        if (code === undefined) connection.terminate();
        else connection.close(code, '');
      }
      if (!isResumable) sessions.clear();
      return dropped.length;
    },
    tell(what) {
      if (what === 'identify anew') sessions.clear();
      const [op, data] =
        what === 'reconnect'
          ? [GatewayOpcodes.Reconnect, null]
          : [GatewayOpcodes.InvalidSession, what === 'resume'];
      for (const connection of connections) connection.send(controlPayload(op, data));
      return connections.size;
    },
    connected: () => connections.size,
    close() {
      state.events.off('dispatch', spread);
      for (const connection of connections) connection.terminate();
      sessions.clear();
      server.close();
    },
  };

  function spread(event: WorldEvent): void {
    for (const session of sessions.values()) {
      if (session.detachedAt !== undefined && performance.now() - session.detachedAt > RESUME_WINDOW_MS) {
        sessions.delete(session.id);
        continue;
      }
      if (shardOf(event.guildId, session.shard[1]) !== session.shard[0]) continue;
      if (!hasIntent(session.intents, event.intent)) continue;
      stats.gateway.dispatched += 1;
      dispatch(session, event.name, event.data(mayReadContent(session.intents, state.switches)));
    }
  }
}

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
