import { type APIChannel, type APIMessage, GatewayIntentBits } from 'discord-api-types/v10';
import type { Database } from '../db/database.ts';
import { hasAcceptedIntents } from '../db/gateway-sessions.ts';
import { channelTypeOf, isThread } from '../discord/channel-types.ts';
import { hasMessageContent } from '../discord/intents.ts';
import { canReadHistory, type Overwrite } from '../discord/permissions.ts';
import type { DiscordRest } from '../discord/rest.ts';
import type { Clock } from '../lib/clock.ts';
import { ScanFailure } from './reasons.ts';

const INTENT_TRUST_MS = 60_000; // how long an answer about the intent serves other runs
const SESSION_ALIVE_SECS = 600;

/**
 * Knows whether what Discord answers is the whole truth. An empty page may mean that the history permission is
 * missing, and messages without content that the intent is: neither is an error on Discord's side.
 */
export class AccessVerifier {
  readonly #rest: DiscordRest;
  readonly #db: Database;
  readonly #apiUrl: string;
  readonly #clock: Clock;
  #intentVerifiedAt = Number.NEGATIVE_INFINITY;
  #botUserId: string | undefined;

  constructor(options: { rest: DiscordRest; db: Database; apiUrl: string; clock: Clock }) {
    const { rest, db, apiUrl, clock } = options;
    this.#rest = rest;
    this.#db = db;
    this.#apiUrl = apiUrl;
    this.#clock = clock;
  }

  /**
   * Resolves when messages come with their content: the application's flags say so, or Discord accepted the intent
   * from a gateway session that lives.
   * @throws ScanFailure `no_content_intent`
   */
  async verifyContentIntent(signal: AbortSignal): Promise<void> {
    if (this.#clock.monotonic() - this.#intentVerifiedAt < INTENT_TRUST_MS) return;
    if (!(await this.#hasContentFlag(signal)) && !(await this.#hasAcceptedSession(signal))) {
      throw new ScanFailure('no_content_intent');
    }
    this.#intentVerifiedAt = this.#clock.monotonic();
  }

  /**
   * Looks at a page before it counts. Nobody can post a message with nothing in it, so a page of nothing but such
   * messages means that their content was withheld, unless the application's flags, asked for now, say otherwise.
   * @throws ScanFailure `no_content_intent`
   */
  async verifyContent(page: readonly APIMessage[], signal: AbortSignal): Promise<void> {
    const botUserId = await this.#getBotUserId(signal);
    const posted = page.filter((message) => isPostedByPerson(message) && message.author.id !== botUserId);
    if (posted.length === 0 || posted.some(showsContent)) return;
    this.#intentVerifiedAt = Number.NEGATIVE_INFINITY;
    if (!(await this.#hasContentFlag(signal))) throw new ScanFailure('no_content_intent');
  }

  /**
   * Resolves when an empty page really means that there is nothing: when the newest message can still be read, or,
   * in a channel that shows none, when the bot's permissions, asked for now, say that it would be shown.
   * @throws ScanFailure `no_history_permission`, `missing_access`
   */
  async verifyEmptiness(channelId: string, guildId: string, signal: AbortSignal): Promise<void> {
    const newest = await this.#rest.listMessages(channelId, { limit: 1 }, { signal });
    if (newest.length > 0) return;
    const channel = await this.#rest.getChannel(channelId, { signal });
    const parentId = parentOf(channel);
    const [guild, member, parent] = await Promise.all([
      this.#rest.getGuild(guildId, { signal }),
      this.#rest.getGuildMember(guildId, await this.#getBotUserId(signal), { signal }),
      parentId === null ? null : this.#rest.getChannel(parentId, { signal }),
    ]);
    const access = canReadHistory({
      guildId,
      ownerId: guild.owner_id,
      roles: guild.roles,
      member: { userId: member.user.id, roleIds: member.roles },
      channel: { type: channelTypeOf(channel.type), overwrites: overwritesOf(channel) },
      ...(parent ? { parent: { overwrites: overwritesOf(parent) } } : {}),
    });
    if (access.canRead) return;
    throw new ScanFailure(
      access.missing === 'read_message_history' ? 'no_history_permission' : 'missing_access',
    );
  }

  async #hasContentFlag(signal: AbortSignal): Promise<boolean> {
    const application = await this.#rest.getCurrentApplication({ signal });
    return hasMessageContent(application.flags ?? 0);
  }

  async #hasAcceptedSession(signal: AbortSignal): Promise<boolean> {
    const bot = { apiUrl: this.#apiUrl, botUserId: await this.#getBotUserId(signal) };
    return hasAcceptedIntents(this.#db, bot, GatewayIntentBits.MessageContent, SESSION_ALIVE_SECS);
  }

  async #getBotUserId(signal: AbortSignal): Promise<string> {
    this.#botUserId ??= (await this.#rest.getCurrentUser({ signal })).id;
    return this.#botUserId;
  }
}

function isPostedByPerson({ type }: APIMessage): boolean {
  return type === 0 || type === 19; // a message, a reply; all others are notices of Discord's, without content
}

function showsContent(message: APIMessage): boolean {
  const lists = [
    message.attachments,
    message.embeds,
    message.components,
    message.sticker_items,
    message.message_snapshots,
  ];
  return (
    message.content !== '' || message.poll !== undefined || lists.some((list) => (list?.length ?? 0) > 0)
  );
}

function overwritesOf(channel: APIChannel): Overwrite[] {
  return 'permission_overwrites' in channel ? (channel.permission_overwrites ?? []) : [];
}

/** Whose overwrites stand for a thread's own. */
function parentOf(channel: APIChannel): string | null {
  return isThread(channelTypeOf(channel.type)) && 'parent_id' in channel ? (channel.parent_id ?? null) : null;
}
