import type { APIUser, RESTAPIPartialCurrentUserGuild } from 'discord-api-types/v10';
import { isRecord } from '../lib/is-record.ts';
import { requestError } from './request-error.ts';
import { isSnowflake } from './snowflake.ts';
import type { Transport } from './transport.ts';
import type { TransportRequest } from './transport-request.ts';

const GUILDS_PER_PAGE = 200; // Discord's bound
const MAX_GUILD_PAGES = 10; // ten times as many guilds as Discord lets a user join

/**
 * What a user's own access token is good for: to hear who they are, and in which guilds. Somebody waits for it. Each call
 * throws DiscordError (`unauthorized`: the user took the grant back), or the signal's reason when it aborts.
 */
export class DiscordUser {
  readonly #transport: Transport;
  readonly #token: string;

  constructor(transport: Transport, token: string) {
    this.#transport = transport;
    this.#token = token;
  }

  async getUser(signal?: AbortSignal): Promise<APIUser> {
    const request = this.#request('/users/@me', '', signal);
    const { body } = await this.#transport.send(request);
    if (!isRecord(body) || !isSnowflake(body.id) || typeof body.username !== 'string') {
      throw requestError('malformed', request, 'answered without a user');
    }
    return body as unknown as APIUser;
  }

  /** All of them, also those without the bot. Needs the scope `guilds`. */
  async listGuilds(signal?: AbortSignal): Promise<RESTAPIPartialCurrentUserGuild[]> {
    const guilds: RESTAPIPartialCurrentUserGuild[] = [];
    for (let page = 1; page <= MAX_GUILD_PAGES; page += 1) {
      const after = guilds.at(-1)?.id;
      const query = `?limit=${GUILDS_PER_PAGE}${after === undefined ? '' : `&after=${after}`}`;
      const request = this.#request('/users/@me/guilds', query, signal);
      const { body } = await this.#transport.send(request);
      if (!Array.isArray(body) || !body.every(isGuild)) {
        throw requestError('malformed', request, 'answered without a list of guilds');
      }
      guilds.push(...body);
      if (body.length < GUILDS_PER_PAGE) break;
    }
    return guilds;
  }

  #request(route: string, query: string, signal?: AbortSignal): TransportRequest {
    return {
      method: 'GET',
      route,
      ids: [],
      path: `${route}${query}`,
      userToken: this.#token,
      priority: 'interactive',
      ...(signal ? { signal } : {}),
    };
  }
}

function isGuild(guild: unknown): guild is RESTAPIPartialCurrentUserGuild {
  return (
    isRecord(guild) &&
    isSnowflake(guild.id) &&
    typeof guild.name === 'string' &&
    /^\d{1,20}$/.test(String(guild.permissions))
  );
}
