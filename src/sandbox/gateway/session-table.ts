import { GatewayIntentBits } from 'discord-api-types/v10';
import { shardOf } from '../ids.ts';
import type { SandboxState, WorldEvent } from '../state.ts';
import type { Stats } from '../stats.ts';
import { greet } from './greeting.ts';
import type { Expected } from './identify.ts';
import { hasIntent, intentsInForce } from './intents.ts';
import { type Connection, dispatch, RESUME_WINDOW_MS, type Session } from './session.ts';
import type { StartLimit } from './start-limit.ts';
import { finalCodes } from './violations.ts';

export type GatewayFaults = {
  /** Heartbeats are not acknowledged. */
  skipsAcks: boolean;
  /** Every RESUME is answered by op 9. */
  refusesResumes: boolean;
  /** No new connections, as in an outage. */
  isDown: boolean;
};

/** All sessions and connections, and what a connection needs to know of the gateway around it. */
export type SessionTable = ReturnType<typeof createSessionTable>;

export function createSessionTable(options: {
  state: SandboxState;
  token: string;
  url: string;
  stats: Stats;
  starts: StartLimit;
  heartbeatIntervalMs: number;
}) {
  const { state, stats } = options;
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  const faults: GatewayFaults = { skipsAcks: false, refusesResumes: false, isDown: false };

  return {
    faults,
    sessions,
    connections,
    heartbeatIntervalMs: options.heartbeatIntervalMs,
    takeStart: options.starts.take,
    find: (id: string) => (faults.refusesResumes ? undefined : sessions.get(id)),
    expected: (): Expected => ({
      token: options.token,
      switches: state.switches,
      guildCount: [...state.world.guilds.values()].filter((guild) => guild.botJoined).length,
    }),
    identified(session: Session): void {
      stats.gateway.identified += 1;
      sessions.set(session.id, session);
      greet(state, session, options.url);
    },
    /** A session has one connection: whoever resumes it ends the other. */
    takeOver(session: Session): void {
      for (const other of connections) {
        if (other.session !== session) continue;
        detach(other);
        other.terminate();
      }
    },
    resumed(session: Session): void {
      stats.gateway.resumed += 1;
      dispatch(session, 'RESUMED', { _trace: [] });
    },
    refusedResume(): void {
      stats.gateway.refusedResumes += 1;
    },
    detach,
    disconnected(connection: Connection, code: number): void {
      connections.delete(connection);
      const session = detach(connection);
      if (session && finalCodes.has(code)) sessions.delete(session.id);
    },
    spread: (event: WorldEvent) => spread(sessions, state, stats, event),
  };
}

/** Gives an event to the sessions of its shard that asked for its kind. */
function spread(sessions: Map<string, Session>, state: SandboxState, stats: Stats, event: WorldEvent): void {
  dropAbandoned(sessions);
  for (const session of sessions.values()) {
    const [shardId, shardCount] = session.shard;
    if (shardOf(event.guildId, shardCount) !== shardId) continue;
    const intents = intentsInForce(session.intents, state.switches);
    if (!hasIntent(intents, event.intent)) continue;
    stats.gateway.dispatched += 1;
    dispatch(session, event.name, event.data(hasIntent(intents, GatewayIntentBits.MessageContent)));
  }
}

/** Parts a connection from its session, which then waits to be resumed. */
function detach(connection: Connection): Session | undefined {
  const { session } = connection;
  connection.session = undefined;
  if (!session) return undefined;
  session.outlet = undefined;
  session.detachedAt = performance.now();
  return session;
}

function dropAbandoned(sessions: Map<string, Session>): void {
  const since = performance.now() - RESUME_WINDOW_MS;
  for (const { id, detachedAt } of sessions.values()) {
    if (detachedAt !== undefined && detachedAt < since) sessions.delete(id);
  }
}
