import { ChannelType } from 'discord-api-types/v10';
import { isAgeRestricted, isVoice, parentIdOf } from '../../../src/sandbox/channels.ts';
import { canReadHistory, canView, channelPermissions } from '../../../src/sandbox/permissions.ts';
import type { WorldChannel, WorldGuild } from '../../../src/sandbox/world.ts';
import { type Fields, typeName } from './expected.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';

const defaults = {
  prefix: '!',
  auto_scan: true,
  scan_nsfw: false,
  video_formats: ['mp4', 'webm', 'mov', 'm4v', 'mkv', 'avi', 'wmv', 'flv', 'mpg', 'mpeg', '3gp', 'ogv'],
  index_first: true,
};

/** What the stage has set: `scan_nsfw` in the second guild and in one channel. */
export function ownSettings(
  { matrix }: Stage,
  { guild, entry }: { guild: WorldGuild; entry?: WorldChannel },
) {
  const isSet = entry ? entry === matrix.channels.opened : guild === matrix.guilds.second;
  return isSet ? { scan_nsfw: true } : {};
}

export function settingsFields(stage: Stage, place: { guild: WorldGuild; entry?: WorldChannel }): Fields {
  const { guilds, channels } = stage.matrix;
  const { guild, entry } = place;
  const openedId = channels.opened.channel.id;
  const isOpened = entry && [entry.channel.id, parentIdOf(entry.channel)].includes(openedId);
  const scan_nsfw = guild === guilds.second || isOpened === true;
  return { own: ownSettings(stage, place), effective: { ...defaults, scan_nsfw } };
}

const proposed: readonly number[] = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
];

/** What a manager is offered: of what they see alone. */
export function setupFields(stage: Stage, viewer: Viewer, guild: WorldGuild): Fields[] {
  const { oracle, facts, matrix } = stage;
  const botId = matrix.world.bot.id;
  return oracle
    .channelsOf(viewer, guild.id)
    .filter(({ entry }) => entry.channel.type !== ChannelType.GuildCategory)
    .map((place) => {
      const { channel } = place.entry;
      const parentId = parentIdOf(channel);
      const isNsfw = isAgeRestricted(guild, channel);
      const missing = missingTo(botId, guild, place.entry);
      const isForAll = canEverybodyRead(guild, place.entry);
      return {
        id: channel.id,
        name: channel.name,
        type: typeName(place),
        parentId: parentId !== null && oracle.seesChannel(viewer, parentId) ? parentId : null,
        isNsfw,
        isReading: facts.readingIds.has(channel.id),
        isProposed: proposed.includes(channel.type) && isForAll && missing === null && !isNsfw,
        missing,
      };
    });
}

function missingTo(userId: string, guild: WorldGuild, { channel }: WorldChannel): string | null {
  if (canReadHistory(guild, channel, userId)) return null;
  if (!canView(guild, channel, userId)) return 'view_channel';
  const connect = 1n << 20n;
  const lacksConnect = isVoice(channel) && (channelPermissions(guild, channel, userId) & connect) === 0n;
  return lacksConnect ? 'connect' : 'read_message_history';
}

/** As a member would who has nothing but @everyone. */
function canEverybodyRead(guild: WorldGuild, { channel }: WorldChannel): boolean {
  const nobody = { id: '1', username: 'nobody', discriminator: '0', global_name: null, avatar: null };
  const member = { user: nobody, roles: [], joined_at: '', deaf: false, mute: false, flags: 0 };
  const members = new Map([[nobody.id, member as never]]);
  return canReadHistory({ ...guild, members }, channel, nobody.id);
}
