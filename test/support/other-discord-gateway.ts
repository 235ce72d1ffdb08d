import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { GatewayCloseCodes } from 'discord-api-types/v10';
import { type WebSocket, WebSocketServer } from 'ws';

type Command = { op: number; d: { session_id: string; seq: number } };
type Dispatch = { op: 0; t: string; s: number; d: unknown };

const HEARTBEAT_MS = 30_000; // longer than any test

/**
 * One session at a time, whose events are kept for RESUME; in plain text, whatever compression is asked for.
 * `greetings` are dispatched to whoever identifies, by their types.
 */
export function openPlainGateway(server: Server, greetings: (sessionId: string) => [string, unknown][]) {
  const webSockets = new WebSocketServer({ server });
  const told = new Set<WebSocket>();
  const session = { id: '', events: [] as Dispatch[], resumes: 0 };

  function dispatch(type: string, data: unknown): void {
    const event: Dispatch = { op: 0, t: type, s: session.events.length + 1, d: data };
    session.events.push(event);
    for (const socket of told) send(socket, event);
  }

  function identify(socket: WebSocket): void {
    Object.assign(session, { id: randomUUID(), events: [], resumes: 0 });
    told.clear();
    told.add(socket);
    for (const [type, data] of greetings(session.id)) dispatch(type, data);
  }

  function resume(socket: WebSocket, command: Command['d']): void {
    if (command.session_id !== session.id) {
      socket.close(GatewayCloseCodes.SessionTimedOut); // sooner than an invalid session, after which clients wait
      return;
    }
    session.resumes += 1;
    for (const event of session.events) if (event.s > command.seq) send(socket, event);
    told.add(socket);
    dispatch('RESUMED', {});
  }

  webSockets.on('connection', (socket) => {
    send(socket, { op: 10, d: { heartbeat_interval: HEARTBEAT_MS } });
    socket.on('message', (data) => {
      const { op, d } = JSON.parse(String(data)) as Command;
      if (op === 1) send(socket, { op: 11 });
      if (op === 2) identify(socket);
      if (op === 6) resume(socket, d);
    });
    socket.on('close', () => told.delete(socket));
    socket.on('error', () => {}); // the other side went away; 'close' follows
  });

  return {
    dispatch,
    /** Of the session that runs now, the id and the sequence of its last event; the id is empty while there is none. */
    get position() {
      return { sessionId: session.id, sequence: session.events.length };
    },
    /** How often the session has been taken up again. */
    get resumes() {
      return session.resumes;
    },
    /** The next RESUME is refused; until the IDENTIFY that follows there is no session. */
    forgetSession() {
      session.id = '';
    },
    /** Resolves when all that was sent has been read: the answer to a ping comes behind it. */
    async untilRead() {
      const answered = [...told].map((socket) => once(socket, 'pong'));
      for (const socket of told) socket.ping();
      await Promise.all(answered);
    },
    /** Reads nothing from the connections any more, or goes on reading: a peer that is slow to answer. */
    pause: () => webSockets.clients.forEach((socket) => void socket.pause()),
    unpause: () => webSockets.clients.forEach((socket) => void socket.resume()),
    close() {
      for (const socket of webSockets.clients) socket.terminate();
      webSockets.close();
    },
  };
}

function send(socket: WebSocket, payload: object): void {
  socket.send(JSON.stringify(payload));
}
