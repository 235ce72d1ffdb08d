import type { Server } from 'node:http';
import { constants, createDeflate } from 'node:zlib';
import { type WebSocket, WebSocketServer } from 'ws';
import { BOT_ID, leanGuild, leanGuildId } from './lean-guilds.ts';

const HEARTBEAT_MS = 41_250; // Discord's own
const UNSENT_BYTES = 8 * 1024 * 1024; // waits for a slow reader above this, as a network would

/** A gateway that greets everybody who identifies with the same guilds, each time in a new session. */
export function openLeanGateway(
  server: Server,
  url: () => string,
  guildCount: () => number,
): WebSocketServer {
  const webSockets = new WebSocketServer({ server });
  webSockets.on('connection', (socket, request) => {
    const isCompressed = new URL(request.url ?? '', 'ws://localhost').searchParams.has('compress');
    const send = isCompressed ? compressed(socket) : async (text: string) => socket.send(text);
    void send(JSON.stringify({ op: 10, d: { heartbeat_interval: HEARTBEAT_MS }, s: null, t: null }));
    socket.on('error', () => {}); // 'close' follows
    socket.on('message', (data) => {
      const { op } = JSON.parse(String(data)) as { op: number };
      if (op === 1) void send(JSON.stringify({ op: 11 }));
      if (op === 2) void greet(socket, send, url(), guildCount());
      if (op === 6) void send(JSON.stringify({ op: 9, d: false, s: null, t: null }));
    });
  });
  return webSockets;
}

type Send = (text: string) => Promise<void>;

async function greet(socket: WebSocket, send: Send, resumeUrl: string, guildCount: number): Promise<void> {
  const guilds = Array.from({ length: guildCount }, (_, nth) => ({
    id: leanGuildId(nth),
    unavailable: true,
  }));
  const ready = {
    v: 10,
    session_id: String(Date.now()),
    resume_gateway_url: resumeUrl,
    guilds,
    user: { id: BOT_ID },
  };
  await send(JSON.stringify({ op: 0, t: 'READY', s: 1, d: ready }));
  for (let nth = 0; nth < guildCount && socket.readyState === socket.OPEN; nth += 1) {
    await send(JSON.stringify({ op: 0, t: 'GUILD_CREATE', s: nth + 2, d: leanGuild(nth) }));
    while (socket.bufferedAmount > UNSENT_BYTES) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One zlib stream for the connection, flushed after each message, as Discord does. */
function compressed(socket: WebSocket): Send {
  const deflate = createDeflate();
  deflate.on('data', (chunk) => socket.send(chunk));
  socket.on('close', () => deflate.close());
  return (text) =>
    new Promise((resolve) => {
      deflate.write(text);
      deflate.flush(constants.Z_SYNC_FLUSH, () => resolve());
    });
}
