import { z } from 'zod';
import {
  type ChannelOverview,
  findChannelOverview,
  listChannelOverviews,
  listThreadOverviews,
} from '../db/channel-overviews.ts';
import { filterSeenRuns } from '../db/list-scan-runs.ts';
import { canSeeChannel, canSeeGuild, filterSeenChannels } from '../db/sight.ts';
import { switchReading } from '../jobs/switch-reading.ts';
import { type Channel, channel, channelPage, readingSwitch } from './contract/channel.ts';
import { action, managerAction } from './door.ts';
import { guildItself, guildOfChannel } from './guild-of.ts';
import { toCount, unknownGuild } from './guilds.ts';
import { toPage } from './page.ts';
import { channelIds, pageSize, snowflake } from './parameters.ts';
import { notFound } from './problem.ts';

export const listChannels = action({
  summary: 'The channels of a guild; their threads are lists of their own',
  path: { id: snowflake },
  answer: channelPage,
  async handle({ db }, { path, sight }) {
    const eyes = await sight();
    if (!(await canSeeGuild(db, eyes, path.id))) throw unknownGuild(path.id);
    const channels = await listChannelOverviews(db, eyes, path.id);
    return { items: channels.map(toChannel), next: null };
  },
});

export const getChannel = action({
  summary: 'A channel or thread',
  path: { id: snowflake },
  answer: channel,
  async handle({ db }, { path, sight }) {
    const found = await findChannelOverview(db, await sight(), path.id);
    if (found === null) throw unknownChannel(path.id);
    return toChannel(found);
  },
});

export const listThreads = action({
  summary: 'The threads of a channel, newest first',
  path: { id: snowflake },
  query: { cursor: snowflake.optional(), limit: pageSize },
  answer: channelPage,
  async handle({ db }, { path, query: { cursor, limit }, sight }) {
    const eyes = await sight();
    if (!(await canSeeChannel(db, eyes, path.id))) throw unknownChannel(path.id);
    const found = await listThreadOverviews(db, eyes, path.id, { before: cursor, limit: limit + 1 });
    return toPage(found, { limit, toItem: toChannel, cursorOf: (last) => last.channel_id });
  },
});

export const patchChannel = managerAction({
  summary: 'Switches the reading of a channel, and of its threads',
  path: { id: snowflake },
  body: z.strictObject({ isReading: z.boolean('true or false') }, 'an object with isReading'),
  answer: channel,
  guildOf: guildOfChannel,
  async handle({ db }, { path, body, sight }) {
    const eyes = await sight();
    const found = await findChannelOverview(db, eyes, path.id);
    if (found === null) throw unknownChannel(path.id);
    await db.transaction((tx) => switchReading(tx, found.guild_id, [path.id], body.isReading));
    const changed = await findChannelOverview(db, eyes, path.id);
    if (changed === null) throw unknownChannel(path.id);
    return toChannel(changed);
  },
});

const switchBody = z.strictObject(
  { channelIds, isReading: z.boolean('true or false') },
  'an object with channelIds and isReading',
);

export const patchChannels = managerAction({
  summary: 'Switches the reading of many channels of a guild: of all of them, or of none',
  path: { id: snowflake },
  body: switchBody,
  answer: readingSwitch,
  guildOf: guildItself,
  async handle({ db }, { path, body, sight }) {
    const eyes = await sight();
    const seen = await listChannelOverviews(db, eyes, path.id);
    requireSeen(
      body.channelIds,
      seen.map((row) => row.channel_id),
    );
    const done = await db.transaction((tx) => switchReading(tx, path.id, body.channelIds, body.isReading));
    // Threads go along with their channel, whether or not who switches it sees them.
    return {
      switchedIds: await filterSeenChannels(db, eyes, done.switchedIds),
      canceledCount: (await filterSeenRuns(db, eyes, done.canceledRunIds)).length,
      queuedCount: (await filterSeenRuns(db, eyes, done.queuedRunIds)).length,
    };
  },
});

/** @throws ProblemError for the first channel that is not among those that the viewer sees in the guild. */
export function requireSeen(channelIds: readonly string[], seenIds: readonly string[]): void {
  const seen = new Set(seenIds);
  const unseen = channelIds.find((id) => !seen.has(id));
  if (unseen !== undefined) throw notFound(`There is no channel ${unseen} in this guild.`);
}

export function unknownChannel(id: string) {
  return notFound(`There is no channel ${id} here.`);
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
    threadCount: row.thread_count,
    state: row.state,
    lastScannedAt: row.last_scanned_at?.toISOString() ?? null,
    lastActivityAt: row.last_activity_at?.toISOString() ?? null,
  };
}
