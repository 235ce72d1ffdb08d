import type { Context } from 'hono';
import {
  type ChannelOverview,
  findGuildOverview,
  type GuildOverview,
  listChannelOverviews,
  listGuildOverviews,
  MAX_COUNTED_VIDEOS,
} from '../db/overview.ts';
import type { Channel, Count, Guild, Page } from './contract.ts';
import { readPath, snowflake } from './parameters.ts';
import { notFound } from './problem.ts';
import type { Services } from './services.ts';

export function listGuilds({ db }: Services) {
  return async (c: Context) => {
    const guilds = await listGuildOverviews(db);
    return c.json({ items: guilds.map(toGuild), next: null } satisfies Page<Guild>);
  };
}

export function getGuild({ db }: Services) {
  return async (c: Context) => {
    const { id } = readPath(c, { id: snowflake });
    const guild = await findGuildOverview(db, id);
    if (guild === null) throw notFound(`There is no guild ${id} here.`);
    return c.json(toGuild(guild));
  };
}

export function listChannels({ db }: Services) {
  return async (c: Context) => {
    const { id } = readPath(c, { id: snowflake });
    if ((await findGuildOverview(db, id)) === null) throw notFound(`There is no guild ${id} here.`);
    const channels = await listChannelOverviews(db, id);
    return c.json({ items: channels.map(toChannel), next: null } satisfies Page<Channel>);
  };
}

function toGuild(row: GuildOverview): Guild {
  return {
    id: row.guild_id,
    name: row.name,
    icon: row.icon,
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

export function toChannel(row: ChannelOverview): Channel {
  return {
    id: row.channel_id,
    guildId: row.guild_id,
    parentId: row.parent_id,
    name: row.name,
    type: row.type,
    isNsfw: row.is_age_restricted,
    isReading: row.is_reading,
    messageCount: row.message_count,
    videoCount: toCount(row.video_count),
    state: row.state,
    lastScannedAt: row.last_scanned_at?.toISOString() ?? null,
    lastActivityAt: row.last_activity_at?.toISOString() ?? null,
  };
}

export function toCount(value: number): Count {
  return { value, isCapped: value >= MAX_COUNTED_VIDEOS };
}
