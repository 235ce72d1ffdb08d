import { GatewayIntentBits } from 'discord-api-types/v10';

/**
 * What we ask the gateway for: guilds with their channels, roles and threads; live messages; and the content of
 * messages, which is privileged and must be switched on in the developer portal. The bot's own member updates come
 * with Guilds.
 */
export const GATEWAY_INTENTS =
  GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent;

/**
 * Privileged too, and not needed: with it what somebody may see changes on the page at once when their roles do, without
 * it within minutes. It is asked for where the developer portal has it switched on.
 */
const OPTIONAL_INTENTS = GatewayIntentBits.GuildMembers;

const APPLICATION_GUILD_MEMBERS = 1 << 14;
const APPLICATION_GUILD_MEMBERS_LIMITED = 1 << 15;
const APPLICATION_MESSAGE_CONTENT = 1 << 18;
const APPLICATION_MESSAGE_CONTENT_LIMITED = 1 << 19;

/** What to ask for, by the flags of `GET /applications/@me`. */
export function intentsFor(applicationFlags: number): number {
  const hasMembers =
    (applicationFlags & (APPLICATION_GUILD_MEMBERS | APPLICATION_GUILD_MEMBERS_LIMITED)) !== 0;
  return hasMembers ? GATEWAY_INTENTS | OPTIONAL_INTENTS : GATEWAY_INTENTS;
}

/** Whether the flags of `GET /applications/@me` say that messages come with their content. */
export function hasMessageContent(applicationFlags: number): boolean {
  return (applicationFlags & (APPLICATION_MESSAGE_CONTENT | APPLICATION_MESSAGE_CONTENT_LIMITED)) !== 0;
}
