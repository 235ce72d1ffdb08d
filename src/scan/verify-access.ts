import { type APIChannel, type APIMessage, GatewayIntentBits } from 'discord-api-types/v10';
import type { Database } from '../db/database.ts';
import { hasAcceptedIntents } from '../db/gateway-sessions.ts';
import { channelTypeOf, isThread } from '../discord/channel-types.ts';
import { hasMessageContent } from '../discord/intents.ts';
import { canReadHistory, type Overwrite } from '../discord/permissions.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { withholdsContent } from '../library/message-content.ts';
import { ScanFailure } from './reasons.ts';

const SESSION_ALIVE_SECS = 600;

/**
 * Knows whether what Discord answers is the whole truth. An empty page may mean that the history permission is
 * missing, and messages without content that the intent is: neither is an error on Discord's side.
 */
export class AccessVerifier {
  readonly #rest: DiscordRest;
  readonly #db: Database;
  readonly #apiUrl: string;
  #botUserId: string | undefined;

  constructor(options: { rest: DiscordRest; db: Database; apiUrl: string }) {
    const { rest, db, apiUrl } = options;
    this.#rest = rest;
    this.#db = db;
    this.#apiUrl = apiUrl;
  }

  /**
   * Whether content may have been withheld from a page: nobody can post a message with nothing in it, so one that
   * shows nothing is suspicious. Others may show theirs all the same (those of the bot, or that mention it).
   */
  async suspectsSilence(page: readonly APIMessage[], signal: AbortSignal): Promise<boolean> {
    const blank = page.filter(withholdsContent);
    if (blank.length === 0) return false;
    const botUserId = await this.getBotUserId(signal);
    return blank.some((message) => message.author?.id !== botUserId);
  }

  /**
   * Resolves when messages come with their content: the application's flags, asked for now, say so, or, where they are
   * not told, Discord accepted the intent from a gateway session that lives.
   * @throws ScanFailure `no_content_intent`
   */
  async verifyContent(signal: AbortSignal): Promise<void> {
    const { flags } = await this.#rest.getCurrentApplication({ signal });
    const isShown = flags === undefined ? await this.#hasAcceptedSession(signal) : hasMessageContent(flags);
    if (!isShown) throw new ScanFailure('no_content_intent');
  }

  /**
   * Resolves when the history is open to us now: when the newest message can be read, or, in a channel that shows
   * none, when the bot's permissions, asked for now, say that it would be shown.
   * @throws ScanFailure `no_history_permission`, `missing_access`
   */
  async verifyEmptiness(channelId: string, guildId: string, signal: AbortSignal): Promise<void> {
    const newest = await this.#rest.listMessages(channelId, { limit: 1 }, { signal, guildId });
    if (newest.length > 0) return;
    const channel = await this.#rest.getChannel(channelId, { signal, guildId });
    const parentId = parentOf(channel);
    const userId = await this.getBotUserId(signal);
    const [guild, member, parent] = await Promise.all([
      this.#rest.getGuild(guildId, { signal }),
      this.#rest.getGuildMember(guildId, userId, { signal }),
      parentId === null ? null : this.#rest.getChannel(parentId, { signal, guildId }),
    ]);
    const access = canReadHistory({
      guildId,
      ownerId: guild.owner_id,
      roles: guild.roles,
      member: { userId, roleIds: member.roles },
      channel: { type: channelTypeOf(channel.type), overwrites: overwritesOf(channel) },
      ...(parent ? { parent: { overwrites: overwritesOf(parent) } } : {}),
    });
    if (access.canRead) return;
    throw new ScanFailure(
      access.missing === 'read_message_history' ? 'no_history_permission' : 'missing_access',
    );
  }

  /** Asked for once. */
  async getBotUserId(signal: AbortSignal): Promise<string> {
    this.#botUserId ??= (await this.#rest.getCurrentUser({ signal })).id;
    return this.#botUserId;
  }

  async #hasAcceptedSession(signal: AbortSignal): Promise<boolean> {
    const bot = { apiUrl: this.#apiUrl, botUserId: await this.getBotUserId(signal) };
    return hasAcceptedIntents(this.#db, bot, GatewayIntentBits.MessageContent, SESSION_ALIVE_SECS);
  }
}

function overwritesOf(channel: APIChannel): Overwrite[] {
  return 'permission_overwrites' in channel ? (channel.permission_overwrites ?? []) : [];
}

/** Whose overwrites stand for a thread's own. */
function parentOf(channel: APIChannel): string | null {
  return isThread(channelTypeOf(channel.type)) && 'parent_id' in channel ? (channel.parent_id ?? null) : null;
}
