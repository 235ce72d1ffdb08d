import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { guildChannelIds, leanGuild } from '../scan/lean-guilds.ts';

/** A gateway in a process of its own that tells of guilds, and then of as many messages as it is asked to. */

/** `perSecond` null: as fast as they are read. */
export type Order = { guilds: number } | { messages: number; perSecond: number | null };

const TICK_MS = 10;
const UNSENT_BYTES = 4 * 1024 * 1024; // more than that waits until the reader has caught up, as on a network
const VIDEO_EVERY = 20;
const GUILDS = 10; // of 100 channels, to which messages go
const DISCORD_EPOCH_MS = 1_420_070_400_000;

const channelIds = Array.from({ length: GUILDS }, (_, nth) => guildChannelIds(nth)).flat();
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
await once(server, 'listening');
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
const told = { socket: null as WebSocket | null, sequence: 0, messages: 0 };

server.on('connection', (socket) => {
  socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 41_250 } }));
  socket.on('error', () => {}); // 'close' follows
  socket.on('message', (data) => {
    const { op } = JSON.parse(String(data)) as { op: number };
    if (op === 1) socket.send('{"op":11}');
    if (op !== 2) return;
    Object.assign(told, { socket, sequence: 0 });
    const session = { session_id: `s${Date.now()}`, resume_gateway_url: url, guilds: [] };
    dispatch('READY', JSON.stringify(session));
  });
});
process.on('message', async (order: Order) => {
  if ('guilds' in order) await tellGuilds(order.guilds);
  else await tellMessages(order);
  process.send?.({ done: true });
});
process.on('disconnect', () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});
process.send?.({ url });

async function tellGuilds(count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    await untilRead();
    dispatch('GUILD_CREATE', JSON.stringify(leanGuild(nth)));
  }
}

async function tellMessages({ messages, perSecond }: { messages: number; perSecond: number | null }) {
  const startedAt = performance.now();
  for (let sent = 0; sent < messages; ) {
    const due = perSecond === null ? sent + 100 : ((performance.now() - startedAt) / 1000) * perSecond;
    for (; sent < Math.min(due, messages); sent += 1) dispatch('MESSAGE_CREATE', messageText());
    await (perSecond === null ? untilRead() : delay(TICK_MS));
  }
}

/** A message of about a kilobyte, with the time at which it was sent. */
function messageText(): string {
  told.messages += 1;
  const id = String((BigInt(Date.now() - DISCORD_EPOCH_MS) << 22n) + BigInt(told.messages % 4_000_000));
  const channelId = channelIds[(told.messages * 7919) % channelIds.length];
  const path = `attachments/${channelId}/${id}/take.mp4?ex=7fffffff&is=1&hm=${'0d5e8b1f4c2a7796'.repeat(4)}`;
  const video = `{"id":"${BigInt(id) + 1n}","filename":"take.mp4","size":4831204,"content_type":"video/mp4",
    "width":1920,"height":1080,"url":"https://cdn.discordapp.com/${path}","proxy_url":"https://media.discordapp.net/${path}"}`;
  return `{"id":"${id}","channel_id":"${channelId}","guild_id":"1","sent_at":${performance.timeOrigin + performance.now()},
    "attachments":[${told.messages % VIDEO_EVERY === 0 ? video : ''}],${rest}}`;
}

const rest = JSON.stringify({
  type: 0,
  content:
    'I think that the second take was better, the light was gone by then. See you at the harbour tomorrow.',
  ...{ mentions: [], mention_roles: [], mention_everyone: false, embeds: [], components: [], pinned: false },
  ...{ tts: false, flags: 0, timestamp: '2026-01-01T00:00:00.000000+00:00', edited_timestamp: null },
  author: {
    ...{ id: '200000000000000077', username: 'member.77', global_name: 'Member 77', discriminator: '0' },
    ...{
      avatar: 'c3f1a5d29be04c7f8a6e1d2b3c4f5a60',
      public_flags: 64,
      avatar_decoration_data: null,
      clan: null,
    },
  },
  member: {
    ...{
      roles: ['300000000000000001', '300000000000000002'],
      nick: null,
      avatar: null,
      deaf: false,
      mute: false,
    },
    ...{ joined_at: '2024-03-01T10:00:00.000000+00:00', premium_since: null, pending: false, flags: 0 },
  },
}).slice(1, -1);

function dispatch(type: string, data: string): void {
  told.sequence += 1;
  told.socket?.send(`{"op":0,"t":"${type}","s":${told.sequence},"d":${data}}`);
}

async function untilRead(): Promise<void> {
  while ((told.socket?.bufferedAmount ?? 0) > UNSENT_BYTES) await delay(1);
}
