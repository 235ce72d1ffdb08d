import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCalls } from './answer-calls.ts';
import { openLeanGateway } from './lean-gateway.ts';
import { BOT_ID, channelOf, leanGuildId, memberOf } from './lean-guilds.ts';
import { leanPage } from './lean-messages.ts';

/**
 * A Discord that costs next to nothing, in a process of its own, so that what is measured beside it is ours: it keeps no
 * message, refuses nothing, and counts the requests by their route.
 */

const API = '/api/v10';
const CONTENT_SHOWN = 1 << 18; // flag of the application: it may see the content of messages
const ALL_PERMISSIONS = String(2n ** 50n - 1n);

export type LeanDiscord = {
  /** Greets with so many guilds from now on. Answers where it listens. */
  open: { input: { guildCount: number }; output: { apiUrl: string } };
  /** Requests since the last time that this was asked, by route (ids left out). */
  takeCounts: { input: object; output: Record<string, number> };
};

let counts: Record<string, number> = {};
let guilds = 0;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.slice(API.length);
  const route = path.replace(/\d{5,}/g, ':id');
  counts[route] = (counts[route] ?? 0) + 1;
  const body = JSON.stringify(answer(path, url.searchParams));
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(body ?? '{"message":"404: Not Found","code":0}');
});
server.keepAliveTimeout = 60_000; // longer than any pause of a bench
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
const gateway = openLeanGateway(
  server,
  () => `ws://${address}`,
  () => guilds,
);

answerCalls<LeanDiscord>({
  open: async ({ guildCount }) => {
    guilds = guildCount;
    return { apiUrl: `http://${address}/api` };
  },
  takeCounts: async () => {
    const taken = counts;
    counts = {};
    return taken;
  },
});
process.once('disconnect', () => {
  for (const socket of gateway.clients) socket.terminate();
  server.closeAllConnections();
  server.close();
});

/** Undefined: there is nothing there. */
function answer(path: string, query: URLSearchParams): unknown {
  const [kind, id = '', part] = path.split('/').slice(1);
  switch (`${kind} ${part ?? ''}`.trim()) {
    case 'channels messages':
      return leanPage(id, { before: query.get('before'), limit: Number(query.get('limit') ?? 50) });
    case 'channels':
      return channelOf(leanGuildId(0), id, 0);
    case 'channels threads':
      return { threads: [], members: [], has_more: false };
    case 'guilds':
      return guildOf(id);
    case 'guilds members':
      return memberOf();
    case 'guilds threads':
      return { threads: [], members: [] };
    case 'users':
      return { id: BOT_ID, username: 'clipdex', discriminator: '0', avatar: null };
    case 'applications':
      return { id: BOT_ID, flags: CONTENT_SHOWN };
    case 'gateway':
      return gatewayOf();
    default:
      return undefined;
  }
}

function guildOf(id: string): object {
  const everyone = { id, name: '@everyone', permissions: ALL_PERMISSIONS, position: 0 };
  return { id, name: 'Guild', owner_id: BOT_ID, roles: [everyone], emojis: [], stickers: [], features: [] };
}

function gatewayOf(): object {
  const limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
  return { url: `ws://${address}`, shards: 1, session_start_limit: limit };
}
