import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ApplicationFlags, PermissionFlagsBits } from 'discord-api-types/v10';
import { openPlainGateway } from './other-discord-gateway.ts';
import {
  aMessage,
  BOT_ID,
  GUILD_ID,
  OWNER_ID,
  type Wire,
  type WireChannel,
  type WireGuild,
  type WireMessage,
} from './other-discord-payloads.ts';
import { waitFor } from './wait-for.ts';

type Answer = { status?: number; body: unknown };

const LEAK_GRACE_MS = 2_000; // for the other side to end its connections
const VIEW = PermissionFlagsBits.ViewChannel;
const READ = VIEW | PermissionFlagsBits.ReadMessageHistory | PermissionFlagsBits.Connect;

/** What a test may change while the server runs. */
export type Hooks = {
  /** The flags of our application; undefined when they are not told. */
  applicationFlags: number | undefined;
  /** Whether @everyone may read the history. Without it, pages are empty. */
  isReadable: boolean;
  /** Waited for before the nth page of more than one message is made. */
  beforePage: (nth: number) => void | Promise<void>;
  page: (messages: WireMessage[], nth: number) => Wire[];
  guild: (guild: WireGuild) => Wire;
  channel: (channel: WireChannel) => Wire;
};

/**
 * A Discord of one bot that behaves otherwise than the sandbox where Discord leaves it open: no compression, no
 * rate limits told, no way to refresh links. Written apart from the sandbox, so that they do not share mistakes.
 */
export async function startOtherDiscord() {
  const hooks: Hooks = {
    applicationFlags: ApplicationFlags.GatewayMessageContent,
    isReadable: true,
    beforePage: () => {},
    page: (messages) => messages,
    guild: (guild) => guild,
    channel: (channel) => channel,
  };
  const channels = new Map<string, { fields: WireChannel; messages: WireMessage[] }>();
  let pages = 0;

  const everyone = (guildId: string): Wire => ({
    id: guildId,
    name: '@everyone',
    permissions: String(hooks.isReadable ? READ : VIEW),
    position: 0,
  });

  function viewChannel(id: string): Wire | undefined {
    const channel = channels.get(id);
    if (!channel) return undefined;
    return hooks.channel({ ...channel.fields, last_message_id: channel.messages.at(-1)?.id ?? null });
  }

  /** The guild as GUILD_CREATE tells of it, before hooks change it. */
  function viewGuild(guildId = GUILD_ID): WireGuild {
    const own = [...channels.values()].filter(({ fields }) => fields.guild_id === guildId);
    return {
      id: guildId,
      name: 'Testers',
      icon: null,
      owner_id: OWNER_ID,
      joined_at: '2020-01-01T00:00:00Z',
      roles: [everyone(guildId)],
      members: [{ user: { id: BOT_ID }, roles: [] }],
      channels: own.flatMap(({ fields }) => (viewChannel(fields.id) ?? []) as WireChannel | []),
      threads: [],
    };
  }

  async function viewPage(channelId: string, query: URLSearchParams): Promise<Wire[] | undefined> {
    const limit = Number(query.get('limit') ?? 50);
    pages += limit > 1 ? 1 : 0;
    const nth = pages;
    if (limit > 1) await hooks.beforePage(nth);
    const messages = channels.get(channelId)?.messages;
    if (!hooks.isReadable) return [];
    const before = BigInt(query.get('before') ?? 2n ** 63n);
    const page = messages
      ?.filter((message) => BigInt(message.id) < before)
      .slice(-limit)
      .reverse();
    return page && limit > 1 ? hooks.page(page, nth) : page;
  }

  async function answer(path: string, query: URLSearchParams): Promise<Answer> {
    const [kind, id = '', part, last] = path.split('/').slice(1);
    const found = (body: unknown, code: number): Answer =>
      body === undefined ? { status: 404, body: { message: 'Unknown', code } } : { body };
    if (path === '/gateway/bot') {
      const limits = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
      return { body: { url: `ws://127.0.0.1:${port}`, shards: 1, session_start_limit: limits } };
    }
    if (path === '/users/@me') return { body: { id: BOT_ID, username: 'bot' } };
    if (path === '/applications/@me') return { body: { id: BOT_ID, flags: hooks.applicationFlags } };
    if (kind === 'guilds' && part === 'members') return { body: { user: { id: BOT_ID }, roles: [] } };
    if (kind === 'guilds' && !part) {
      return { body: { id, name: 'Testers', owner_id: OWNER_ID, roles: [everyone(id)] } };
    }
    if (kind === 'channels' && !part) return found(viewChannel(id), 10003);
    if (kind === 'channels' && part === 'messages' && !last) return found(await viewPage(id, query), 10003);
    return { status: 404, body: { message: '404: Not Found', code: 0 } };
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { status = 200, body } = await answer(url.pathname.replace('/api/v10', ''), url.searchParams);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gateway = openPlainGateway(server, (sessionId) => [
    ['READY', readyPayload(sessionId, `ws://127.0.0.1:${port}`)],
    ['GUILD_CREATE', hooks.guild(viewGuild())],
  ]);

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    token: 'token.of.the-test',
    cdnOrigins: ['https://cdn.discordapp.com', 'https://media.discordapp.net'],
    hooks,
    gateway,
    viewGuild,
    get pages() {
      return pages;
    },
    addChannel(id: string, messages: WireMessage[] = [], over: Wire = {}) {
      const fields = { id, type: 0, name: `room-${id}`, guild_id: GUILD_ID, nsfw: false, ...over };
      channels.set(id, { fields: { permission_overwrites: [], position: 0, ...fields }, messages });
    },
    messagesOf: (channelId: string) => channels.get(channelId)?.messages ?? [],
    /** A new message that all are told of. */
    post(channelId: string, id: string, over: Wire = {}): WireMessage {
      const message = aMessage(channelId, id, over);
      channels.get(channelId)?.messages.push(message);
      gateway.dispatch('MESSAGE_CREATE', message);
      return message;
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

export type OtherDiscord = Awaited<ReturnType<typeof startOtherDiscord>>;

function readyPayload(sessionId: string, resumeUrl: string): Wire {
  const guilds = [{ id: GUILD_ID, unavailable: true }];
  return { session_id: sessionId, resume_gateway_url: resumeUrl, user: { id: BOT_ID }, guilds };
}
