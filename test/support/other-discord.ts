import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { openPlainGateway } from './other-discord-gateway.ts';
import { aMessage, BOT_ID, GUILD_ID, type Wire, type WireMessage } from './other-discord-payloads.ts';
import { OtherDiscordRest } from './other-discord-rest.ts';
import { waitFor } from './wait-for.ts';

const LEAK_GRACE_MS = 10_000; // for the other side to end its connections

/**
 * A Discord of one bot that behaves otherwise than the sandbox where Discord leaves it open: no compression, no
 * rate limits told, no way to refresh links. Written apart from the sandbox, so that they do not share mistakes.
 */
export async function startOtherDiscord() {
  const rest = new OtherDiscordRest();
  const { channels, hooks } = rest;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.replace('/api/v10', '');
    const { status, body } =
      path === '/gateway/bot'
        ? { status: 200, body: gatewayPayload(gatewayUrl) }
        : await rest.answer(path, url.searchParams);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gatewayUrl = `ws://${address}`;
  const gateway = openPlainGateway(server, (sessionId) => [
    ['READY', readyPayload(sessionId, gatewayUrl)],
    ['GUILD_CREATE', hooks.guild(rest.viewGuild())],
  ]);

  return {
    apiUrl: `http://${address}/api`,
    token: 'token.of.the-test',
    cdnOrigins: ['https://cdn.discordapp.com', 'https://media.discordapp.net'],
    hooks,
    gateway,
    get pages() {
      return rest.pages;
    },
    viewGuild: (guildId?: string) => rest.viewGuild(guildId),
    addChannel(id: string, messages: WireMessage[] = [], over: Wire = {}) {
      const usual = { type: 0, guild_id: GUILD_ID, nsfw: false, permission_overwrites: [], position: 0 };
      channels.set(id, { fields: { ...usual, id, name: `room-${id}`, ...over }, messages });
    },
    messagesOf: (channelId: string) => channels.get(channelId)?.messages ?? [],
    /** A new message that all are told of. */
    post(channelId: string, id: string, over: Wire = {}) {
      const message = aMessage(channelId, id, over);
      channels.get(channelId)?.messages.push(message);
      gateway.dispatch('MESSAGE_CREATE', message);
    },
    /** Fails when the other side has left connections open. */
    async close() {
      await waitFor(() => connections.size === 0, LEAK_GRACE_MS).finally(async () => {
        gateway.close();
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      });
    },
  };
}

function gatewayPayload(url: string): Wire {
  const limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
  return { url, shards: 1, session_start_limit: limit };
}

function readyPayload(sessionId: string, resumeUrl: string): Wire {
  const guilds = [{ id: GUILD_ID, unavailable: true }];
  return { session_id: sessionId, resume_gateway_url: resumeUrl, user: { id: BOT_ID }, guilds };
}
