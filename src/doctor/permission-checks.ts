import type { APIGuild, APIGuildChannel, APIGuildMember } from 'discord-api-types/v10';
import { channelTypeOf, holdsMessages, holdsThreads } from '../discord/channel-types.ts';
import { canReadHistory, type HistoryAccess } from '../discord/permissions.ts';
import { plainText } from '../lib/plain-text.ts';
import { type Finding, ok, warn } from './finding.ts';

/** What Discord answers about one guild of the bot. */
export type GuildFacts = { guild: APIGuild; member: APIGuildMember; channels: readonly APIGuildChannel[] };

const MAX_LISTED_CHANNELS = 20; // of one kind in one guild; the rest is counted

type Missing = (HistoryAccess & { canRead: false })['missing'];

/** As the channel settings of Discord write them. */
const permissionNames: Record<Missing, string> = {
  view_channel: 'View Channel',
  connect: 'Connect',
  read_message_history: 'Read Message History',
};

/** Which channels of a guild the bot cannot read, by the permission that it lacks first. */
export function checkPermissions({ guild, member, channels }: GuildFacts, botId: string): Finding[] {
  const check = `guild ${plainText(guild.name)}`;
  const readable = channels.filter(isReadingMatter);
  const missing = readable.flatMap((channel) => {
    const access = canReadHistory({
      guildId: guild.id,
      ownerId: guild.owner_id,
      roles: guild.roles,
      member: { userId: botId, roleIds: member.roles },
      channel: { type: channelTypeOf(channel.type), overwrites: overwritesOf(channel) },
    });
    return access.canRead ? [] : [{ name: `#${plainText(channel.name)}`, missing: access.missing }];
  });
  if (missing.length === 0) return [ok(check, `all ${readable.length} channels can be read`)];
  return (Object.keys(permissionNames) as Missing[]).flatMap((permission) => {
    const names = missing.filter((channel) => channel.missing === permission).map(({ name }) => name);
    return names.length === 0 ? [] : [lacks(check, permissionNames[permission], names, readable.length)];
  });
}

function lacks(check: string, permission: string, names: readonly string[], total: number): Finding {
  const rest = names.length - MAX_LISTED_CHANNELS;
  const listed = names.slice(0, MAX_LISTED_CHANNELS).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  return warn(
    check,
    `${names.length} of ${total} channels cannot be read: ${permission} is missing in ${listed}.`,
    `Give the bot's role ${permission} there, or leave them out on purpose.`,
  );
}

function isReadingMatter(channel: APIGuildChannel): boolean {
  const type = channelTypeOf(channel.type);
  return holdsMessages(type) || holdsThreads(type);
}

function overwritesOf(channel: APIGuildChannel) {
  return 'permission_overwrites' in channel ? channel.permission_overwrites : [];
}
