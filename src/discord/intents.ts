import { GatewayIntentBits } from 'discord-api-types/v10';

/**
 * What we ask the gateway for: guilds with their channels, roles and threads; live messages; and the content of
 * messages, which is privileged and must be switched on in the developer portal. The bot's own member updates come
 * with Guilds, so GUILD_MEMBERS, privileged too, is not needed.
 */
export const GATEWAY_INTENTS =
  GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent;

const APPLICATION_MESSAGE_CONTENT = 1 << 18;
const APPLICATION_MESSAGE_CONTENT_LIMITED = 1 << 19;

/** Whether the flags of `GET /applications/@me` say that messages come with their content. */
export function hasMessageContent(applicationFlags: number): boolean {
  return (applicationFlags & (APPLICATION_MESSAGE_CONTENT | APPLICATION_MESSAGE_CONTENT_LIMITED)) !== 0;
}
