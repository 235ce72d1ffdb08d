import { type ChannelOverview, listChannelOverviews, listThreadOverviews } from '../db/channel-overviews.ts';
import type { Queryable } from '../db/database.ts';
import { type GuildOverview, listGuildOverviews } from '../db/guild-overviews.ts';
import { toChannel } from '../http/channels.ts';
import type { Channel, Count } from '../http/contract.ts';
import { plainText } from '../lib/plain-text.ts';
import { formatCount, formatTime } from './format.ts';
import { checkScope, type LibraryScope } from './library-scope.ts';
import { type Command, exitCodes } from './run-command.ts';
import { type Column, formatTable } from './table.ts';
import { withDatabase } from './with-database.ts';

const MAX_THREADS = 10_000; // of one channel, the newest; more belong into a query of one's own

export type ChannelsOptions = Pick<LibraryScope, 'guild'> & { threads?: boolean };

type GuildChannel = Channel & { guildName: string };

export function showChannels(options: ChannelsOptions): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      await checkScope(db, options);
      const guilds = (await listGuildOverviews(db, 'everything')).filter(
        ({ guild_id }) => options.guild === undefined || guild_id === options.guild,
      );
      const channels: GuildChannel[] = [];
      for (const guild of guilds) {
        const ofGuild = await channelsOf(db, guild, options);
        channels.push(...ofGuild);
        context.output.line(formatGuild(guild, ofGuild));
      }
      context.output.json(channels);
      if (guilds.length === 0) context.output.line('No guild is known yet. Start Clipdex once: npm start');
      return exitCodes.done;
    });
}

/** Each thread stands below its channel. */
async function channelsOf(
  db: Queryable,
  { guild_id, name }: GuildOverview,
  { threads }: ChannelsOptions,
): Promise<GuildChannel[]> {
  const rows: ChannelOverview[] = [];
  for (const channel of await listChannelOverviews(db, 'everything', guild_id)) {
    rows.push(channel);
    if (!threads || channel.thread_count === 0) continue;
    rows.push(...(await listThreadOverviews(db, 'everything', channel.channel_id, { limit: MAX_THREADS })));
  }
  return rows.map((row) => ({ ...toChannel(row), guildName: name }));
}

function formatGuild({ name, guild_id }: GuildOverview, channels: readonly GuildChannel[]): string {
  const table = channels.length === 0 ? 'No channel that may be shown.' : formatTable(columns, channels);
  return `${plainText(name)}, guild ${guild_id}\n${table}\n`;
}

const columns: Column<GuildChannel>[] = [
  { title: 'channel', value: (channel) => `${isThread(channel) ? '  ' : ''}${channel.name ?? '–'}` },
  { title: 'id', value: (channel) => channel.id },
  { title: 'type', value: (channel) => channel.type?.replaceAll('_', ' ') ?? '–' },
  { title: 'reading', value: (channel) => (channel.isReading ? 'yes' : 'no') },
  { title: 'messages', value: (channel) => formatCount(channel.messageCount), isNumber: true },
  { title: 'videos', value: ({ videoCount }) => formatCapped(videoCount), isNumber: true },
  {
    title: 'threads',
    value: ({ threadCount }) => (threadCount === 0 ? '–' : formatCount(threadCount)),
    isNumber: true,
  },
  { title: 'last scanned', value: (channel) => formatTime(channel.lastScannedAt) },
];

function isThread({ type }: Channel): boolean {
  return type?.endsWith('_thread') === true;
}

function formatCapped({ value, isCapped }: Count): string {
  return `${formatCount(value)}${isCapped ? '+' : ''}`;
}
