import type { Queryable } from '../db/database.ts';
import { type GuildOverview, listChannelOverviews, listGuildOverviews } from '../db/overview.ts';
import type { Channel, Count } from '../http/contract.ts';
import { toChannel } from '../http/guilds.ts';
import { formatCount, formatTime } from './format.ts';
import { checkScope, type LibraryScope } from './library-scope.ts';
import { type Command, exitCodes } from './run-command.ts';
import { type Column, formatTable, plainText } from './table.ts';
import { withDatabase } from './with-database.ts';

export type ChannelsOptions = Pick<LibraryScope, 'guild'>;

type GuildChannel = Channel & { guildName: string };

export function showChannels(options: ChannelsOptions): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      await checkScope(db, options);
      const guilds = (await listGuildOverviews(db)).filter(
        ({ guild_id }) => options.guild === undefined || guild_id === options.guild,
      );
      const channels: GuildChannel[] = [];
      for (const guild of guilds) {
        const ofGuild = await channelsOf(db, guild);
        channels.push(...ofGuild);
        context.output.line(formatGuild(guild, ofGuild));
      }
      context.output.json(channels);
      if (guilds.length === 0) context.output.line('No guild is known yet. Start Clipdex once: npm start');
      return exitCodes.done;
    });
}

async function channelsOf(db: Queryable, { guild_id, name }: GuildOverview): Promise<GuildChannel[]> {
  const channels = await listChannelOverviews(db, guild_id);
  return channels.map((channel) => ({ ...toChannel(channel), guildName: name }));
}

function formatGuild({ name, guild_id }: GuildOverview, channels: readonly GuildChannel[]): string {
  const table = channels.length === 0 ? 'No channel that may be shown.' : formatTable(columns, channels);
  return `${plainText(name)}, guild ${guild_id}\n${table}\n`;
}

const columns: Column<GuildChannel>[] = [
  { title: 'channel', value: (channel) => channel.name ?? '–' },
  { title: 'id', value: (channel) => channel.id },
  { title: 'type', value: (channel) => channel.type?.replaceAll('_', ' ') ?? '–' },
  { title: 'reading', value: (channel) => (channel.isReading ? 'yes' : 'no') },
  { title: 'messages', value: (channel) => formatCount(channel.messageCount), isNumber: true },
  { title: 'videos', value: ({ videoCount }) => formatCapped(videoCount), isNumber: true },
  { title: 'last scanned', value: (channel) => formatTime(channel.lastScannedAt) },
];

function formatCapped({ value, isCapped }: Count): string {
  return `${formatCount(value)}${isCapped ? '+' : ''}`;
}
