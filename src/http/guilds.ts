import { MAX_COUNTED } from '../db/channel-overviews.ts';
import { findGuildOverview, type GuildOverview, listGuildOverviews } from '../db/guild-overviews.ts';
import type { Count } from './contract/answer-parts.ts';
import { type Guild, guild, guildPage, ownGuildPage } from './contract/guild.ts';
import { action } from './door.ts';
import { snowflake } from './parameters.ts';
import { notFound } from './problem.ts';

export const listGuilds = action({
  summary: 'The guilds of the bot that the viewer sees',
  answer: guildPage,
  async handle({ db }, { sight }) {
    const overviews = await listGuildOverviews(db, await sight());
    return { items: overviews.map(toGuild), next: null };
  },
});

export const getGuild = action({
  summary: 'A guild',
  path: { id: snowflake },
  answer: guild,
  async handle({ db }, { path, sight }) {
    const found = await findGuildOverview(db, await sight(), path.id);
    if (found === null) throw unknownGuild(path.id);
    return toGuild(found);
  },
});

export const listOwnGuilds = action({
  summary: "The viewer's guilds on Discord: where the bot is, and where it could be installed",
  answer: ownGuildPage,
  async handle({ access }, { viewer }) {
    return { items: await access.listOwnGuilds(viewer), next: null };
  },
});

export function unknownGuild(id: string) {
  return notFound(`There is no guild ${id} here.`);
}

function toGuild(row: GuildOverview): Guild {
  return {
    id: row.guild_id,
    name: row.name,
    icon: row.icon,
    canManage: row.can_manage,
    channelCount: row.channel_count,
    readingCount: row.reading_count,
    messageCount: row.message_count,
    videoCount: toCount(row.video_count),
    states: {
      off: row.channel_count - row.reading_count,
      unread: row.unread_count,
      waiting: row.waiting_count,
      scanning: row.scanning_count,
      read: row.read_count,
      failed: row.failed_count,
    },
  };
}

/** `value` was counted up to MAX_COUNTED. */
export function toCount(value: number): Count {
  return { value, isCapped: value >= MAX_COUNTED };
}
