import type {
  APIApplication,
  APIApplicationCommand,
  APIChannel,
  APIGatewayBotInfo,
  APIGuild,
  APIGuildChannel,
  APIGuildMember,
  APIMessage,
  APIMessageSearchResult,
  APIThreadChannel,
  APIThreadMember,
  APIUser,
  RESTAPIPartialCurrentUserGuild,
  RESTPutAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import { type Clock, systemClock } from '../lib/clock.ts';
import { isRecord } from '../lib/is-record.ts';
import type { Logger } from '../lib/log.ts';
import { DiscordUser } from './discord-user.ts';
import { requestError } from './request-error.ts';
import { isSnowflake } from './snowflake.ts';
import { Transport } from './transport.ts';
import type { TransportLimits, TransportRequest } from './transport-request.ts';
import type { Priority } from './turn-queue.ts';
import { userAgent } from './user-agent.ts';

export type DiscordRestOptions = {
  /** `https://discord.com/api`; requests go to the version below it. */
  apiUrl: string;
  token: string;
  log: Logger;
  signal: AbortSignal;
  clock?: Clock;
  random?: () => number;
  limits?: Partial<TransportLimits>;
};

export type CallOptions = {
  signal?: AbortSignal;
  priority?: Priority;
  /** Whose share of Discord's limits the call uses; that of the guild in its path when absent. */
  guildId?: string;
};

export type MessagesQuery = { before?: string; after?: string; around?: string; limit?: number };

/** What we search by; more than one value of a list means any of them. */
export type SearchQuery = {
  minId?: string;
  maxId?: string;
  channelIds?: readonly string[];
  has?: readonly string[];
  embedTypes?: readonly string[];
  attachmentExtensions?: readonly string[];
  sortOrder?: 'asc' | 'desc';
  includeNsfw?: boolean;
  limit?: number;
  offset?: number;
};

export type SearchAnswer =
  | { kind: 'found'; result: APIMessageSearchResult }
  /** Discord is still building the guild's index. */
  | { kind: 'indexing'; retryAfterMs: number; documentsIndexed: number };

export type ThreadList = {
  threads: APIThreadChannel[];
  /** Membership of the bot itself. */
  members: APIThreadMember[];
};

export type ArchivedThreadList = ThreadList & { has_more: boolean };

export type RefreshedUrl = { original: string; refreshed: string };

const API_VERSION = 'v10';
const MAX_QUOTED_CHARS = 40; // of a malformed id in an error
export const MAX_LISTED_THREADS = 100; // Discord's bound per page
export const MAX_REFRESH_URLS = 50; // Discord's bound per request

export function createDiscordRest(options: DiscordRestOptions): DiscordRest {
  const { clock = systemClock, random = Math.random, apiUrl, ...rest } = options;
  const versionedUrl = `${apiUrl.replace(/\/+$/, '')}/${API_VERSION}`;
  return new DiscordRest(
    new Transport({ ...rest, apiUrl: versionedUrl, clock, random, userAgent: userAgent() }),
  );
}

type QueryValue = string | number | boolean | readonly string[] | undefined;
type Call = {
  method?: TransportRequest['method'];
  route: string;
  ids?: readonly string[];
  query?: Record<string, QueryValue>;
  /** What of the query must be ids. */
  queryIds?: readonly (string | undefined)[];
  body?: unknown;
  isRepeatable?: boolean;
};

/** The calls to Discord that we make. Each throws DiscordError, or the signal's reason when it aborts. */
export class DiscordRest {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  /** Milliseconds since 1970 at Discord, by our own clock unless that is ahead of what Discord's answers tell. */
  now(): number {
    return this.#transport.serverTime.now();
  }

  /** The calls that a user's own access token is good for. */
  asUser(token: string): DiscordUser {
    return new DiscordUser(this.#transport, token);
  }

  async getGatewayBot(options?: CallOptions): Promise<APIGatewayBotInfo> {
    return this.#record({ route: '/gateway/bot' }, options);
  }

  async getCurrentUser(options?: CallOptions): Promise<APIUser> {
    return this.#record({ route: '/users/@me' }, options);
  }

  /** Guilds that the bot is in, up to 200 a page, by rising id. */
  async listCurrentUserGuilds(
    query: { after?: string; limit?: number } = {},
    options?: CallOptions,
  ): Promise<RESTAPIPartialCurrentUserGuild[]> {
    return this.#list({ route: '/users/@me/guilds', query, queryIds: [query.after] }, options);
  }

  async getCurrentApplication(options?: CallOptions): Promise<APIApplication> {
    return this.#record({ route: '/applications/@me' }, options);
  }

  async getGuild(guildId: string, options?: CallOptions): Promise<APIGuild> {
    return this.#record({ route: '/guilds/:id', ids: [guildId] }, options);
  }

  async getGuildMember(guildId: string, userId: string, options?: CallOptions): Promise<APIGuildMember> {
    return this.#record({ route: '/guilds/:id/members/:id', ids: [guildId, userId] }, options);
  }

  /** Throws `not_found` for somebody who is not in the thread. */
  async getThreadMember(threadId: string, userId: string, options?: CallOptions): Promise<APIThreadMember> {
    return this.#record({ route: '/channels/:id/thread-members/:id', ids: [threadId, userId] }, options);
  }

  async getChannel(channelId: string, options?: CallOptions): Promise<APIChannel> {
    return this.#record({ route: '/channels/:id', ids: [channelId] }, options);
  }

  /** Without threads. */
  async listGuildChannels(guildId: string, options?: CallOptions): Promise<APIGuildChannel[]> {
    return this.#list({ route: '/guilds/:id/channels', ids: [guildId] }, options);
  }

  /**
   * One page, newest first on Discord; the order is not promised. Without READ_MESSAGE_HISTORY it is empty, so an
   * empty page alone proves nothing.
   */
  async listMessages(channelId: string, query: MessagesQuery, options?: CallOptions): Promise<APIMessage[]> {
    const queryIds = [query.before, query.after, query.around];
    const call = { route: '/channels/:id/messages', ids: [channelId], query, queryIds };
    const { request, body } = await this.#sendForList<APIMessage>(call, options);
    // Read as far as it has ids, it would pass for an empty page, which is the end of a history.
    if (body.length > 0 && !body.some((message) => isSnowflake(message?.id))) {
      throw requestError('malformed', request, 'answered with a page of no message');
    }
    return body;
  }

  async getMessage(channelId: string, messageId: string, options?: CallOptions): Promise<APIMessage> {
    return this.#record({ route: '/channels/:id/messages/:id', ids: [channelId, messageId] }, options);
  }

  /** Fresh links for expired ones, at most `MAX_REFRESH_URLS`. Not in Discord's documentation: be ready for a refusal. */
  async refreshAttachmentUrls(urls: readonly string[], options?: CallOptions): Promise<RefreshedUrl[]> {
    if (urls.length > MAX_REFRESH_URLS) throw new RangeError(`more than ${MAX_REFRESH_URLS} links at once`);
    const call: Call = {
      method: 'POST',
      route: '/attachments/refresh-urls',
      body: { attachment_urls: urls },
      isRepeatable: true,
    };
    const answer = await this.#record<{ refreshed_urls?: RefreshedUrl[] }>(call, options);
    return Array.isArray(answer.refreshed_urls) ? answer.refreshed_urls : [];
  }

  async listActiveThreads(guildId: string, options?: CallOptions): Promise<ThreadList> {
    return this.#record({ route: '/guilds/:id/threads/active', ids: [guildId] }, options);
  }

  /** One page, last archived first; `before` is the archive timestamp (ISO 8601) of the last thread seen. */
  async listArchivedThreads(
    channelId: string,
    visibility: 'public' | 'private',
    before?: string,
    options?: CallOptions,
  ): Promise<ArchivedThreadList> {
    const route = `/channels/:id/threads/archived/${visibility}`;
    const query = { before, limit: MAX_LISTED_THREADS };
    return this.#record({ route, ids: [channelId], query }, options);
  }

  /** One page of those that the bot is in, newest thread first; `before` is the id of the last thread seen. */
  async listJoinedArchivedThreads(
    channelId: string,
    before?: string,
    options?: CallOptions,
  ): Promise<ArchivedThreadList> {
    const route = '/channels/:id/users/@me/threads/archived/private';
    const query = { before, limit: MAX_LISTED_THREADS };
    return this.#record({ route, ids: [channelId], query, queryIds: [before] }, options);
  }

  /** One page of the guild's search index. It may hold fewer than `limit` messages though more follow. */
  async searchMessages(guildId: string, query: SearchQuery, options?: CallOptions): Promise<SearchAnswer> {
    const call: Call = {
      route: '/guilds/:id/messages/search',
      ids: [guildId],
      queryIds: [query.minId, query.maxId, ...(query.channelIds ?? [])],
      query: {
        min_id: query.minId,
        max_id: query.maxId,
        channel_id: query.channelIds,
        has: query.has,
        embed_type: query.embedTypes,
        attachment_extension: query.attachmentExtensions,
        sort_by: 'timestamp',
        sort_order: query.sortOrder,
        include_nsfw: query.includeNsfw,
        limit: query.limit,
        offset: query.offset,
      },
    };
    const body = await this.#record<Record<string, unknown>>(call, options);
    if (Array.isArray(body.messages))
      return { kind: 'found', result: body as unknown as APIMessageSearchResult };
    return {
      kind: 'indexing',
      retryAfterMs: Math.ceil(Number(body.retry_after ?? 0) * 1000) || 0,
      documentsIndexed: Number(body.documents_indexed ?? 0) || 0,
    };
  }

  /** Replaces the application's global commands by these. */
  async putCommands(
    applicationId: string,
    commands: RESTPutAPIApplicationCommandsJSONBody,
    options?: CallOptions,
  ): Promise<APIApplicationCommand[]> {
    return this.#list(
      { method: 'PUT', route: '/applications/:id/commands', ids: [applicationId], body: commands },
      options,
    );
  }

  async #record<Answer extends object>(call: Call, options?: CallOptions): Promise<Answer> {
    const { request, body } = await this.#send(call, options);
    if (!isRecord(body)) throw requestError('malformed', request, 'answered without an object');
    return body as Answer;
  }

  async #list<Item>(call: Call, options?: CallOptions): Promise<Item[]> {
    return (await this.#sendForList<Item>(call, options)).body;
  }

  async #sendForList<Item>(
    call: Call,
    options?: CallOptions,
  ): Promise<{ request: TransportRequest; body: Item[] }> {
    const { request, body } = await this.#send(call, options);
    if (!Array.isArray(body)) throw requestError('malformed', request, 'answered without a list');
    return { request, body };
  }

  async #send(call: Call, options: CallOptions = {}): Promise<{ request: TransportRequest; body: unknown }> {
    const { method = 'GET', ids = [], route, query = {}, queryIds = [], ...rest } = call;
    const { guildId, ...sending } = options;
    const share = guildId ?? (route.startsWith('/guilds/:id') ? ids[0] : undefined) ?? '';
    const request = { ...rest, ...sending, share, method, route, ids, path: pathOf(route, ids, query) };
    const malformed = [...ids, ...queryIds].find((id) => id !== undefined && !isSnowflake(id));
    if (malformed !== undefined) {
      const reason = `${JSON.stringify(malformed.slice(0, MAX_QUOTED_CHARS))} is not a Discord id`;
      throw requestError('bad_request', { ...request, ids: [] }, reason);
    }
    return { request, body: (await this.#transport.send(request)).body };
  }
}

function pathOf(route: string, ids: readonly string[], query: Record<string, QueryValue>): string {
  const left = [...ids];
  const path = route.replaceAll(':id', () => encodeURIComponent(left.shift() ?? ''));
  const parameters: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parameters.push(`${name}=${encodeURIComponent(String(one))}`);
    }
  }
  return parameters.length > 0 ? `${path}?${parameters.join('&')}` : path;
}
