import * as reports from '../db/coverage-report.ts';
import type { Database } from '../db/database.ts';
import { countSkippedFiles } from '../db/skipped-files.ts';
import type { ChannelCoverage, Coverage, CoverageHole, CoverageYear } from '../http/contract.ts';
import { MAX_HOLES, toChannelCoverage, toCoverage } from '../http/coverage.ts';
import { ClipdexError } from '../lib/errors.ts';
import { plainText } from '../lib/plain-text.ts';
import { formatCount, formatTime } from './format.ts';
import { checkScope, type LibraryScope } from './library-scope.ts';
import { type Command, type CommandContext, type ExitCode, exitCodes } from './run-command.ts';
import { type Column, formatTable } from './table.ts';
import { withDatabase } from './with-database.ts';

const MAX_CHANNELS = 10_000; // with the threads of a busy guild

/** What is read without a gap: of one channel in full, or a line for each channel of a guild. */
export function showCoverage({ guild, channel }: LibraryScope): Command {
  return (context) => {
    if ((guild === undefined) === (channel === undefined)) {
      throw new ClipdexError(
        'wrong_usage',
        'Name either a channel (--channel <id>) or a guild (--guild <id>); "clipdex channels" lists their ids.',
      );
    }
    return withDatabase(context, async (db) => {
      await checkScope(db, { ...(guild ? { guild } : {}), ...(channel ? { channel } : {}) });
      if (channel === undefined) return showGuild(db, guild ?? '', context);
      return showChannel(db, channel, context);
    });
  };
}

async function showGuild(db: Database, guildId: string, { output }: CommandContext): Promise<ExitCode> {
  const channels = (await reports.listCoverage(db, 'everything', guildId, MAX_CHANNELS)).map(
    toChannelCoverage,
  );
  output.json(channels);
  const shown = channels.filter(({ state, threadOf }) => threadOf === null || state !== 'complete');
  output.line(channels.length === 0 ? 'No channel that holds messages.' : formatTable(channelColumns, shown));
  output.line(`\n${guildSummary(channels, channels.length - shown.length)}`);
  for (const line of describeSkipped(await countSkippedFiles(db, 'everything', { guildId })))
    output.line(line);
  return exitCodes.done;
}

/** Threads without a hole are counted rather than listed: a guild may have thousands. */
function guildSummary(channels: readonly ChannelCoverage[], unlisted: number): string {
  const complete = channels.filter(({ state }) => state === 'complete').length;
  const ended = `${formatCount(complete)} of ${formatCount(channels.length)} channels and threads are complete.`;
  if (unlisted === 0) return ended;
  return `${ended} Not listed: ${formatCount(unlisted)} complete ${unlisted === 1 ? 'thread' : 'threads'}.`;
}

function describeSkipped(counts: Record<string, number>): string[] {
  const reasons = Object.entries(counts);
  if (reasons.length === 0) return [];
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  const list = reasons.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ');
  return [
    `Left out, as Discord described them too badly: ${formatCount(total)} ${total === 1 ? 'file' : 'files'} (${list}).`,
  ];
}

async function showChannel(db: Database, channelId: string, { output }: CommandContext): Promise<ExitCode> {
  const report = await reports.getCoverageReport(db, 'everything', channelId, MAX_HOLES);
  if (report === null) {
    throw new ClipdexError(
      'channel_holds_no_messages',
      `The channel ${channelId} holds no messages of its own, only other channels or threads. Ask for one of those.`,
    );
  }
  const coverage = toCoverage(report);
  output.json(coverage);
  output.line(
    `${plainText(coverage.channelName ?? '–')}, channel ${channelId}, ${plainText(coverage.guildName)}\n`,
  );
  for (const line of [...describeCoverage(coverage), ...describeSkipped(coverage.skippedFiles)])
    output.line(line);
  if (coverage.years.length > 0) output.line(`\n${formatTable(yearColumns, coverage.years)}`);
  if (coverage.holes.length > 0) output.line(`\n${formatTable(holeColumns, coverage.holes)}`);
  if (coverage.holeCount > coverage.holes.length) {
    output.line(`and ${formatCount(coverage.holeCount - coverage.holes.length)} more, which are older`);
  }
  if (coverage.state !== 'complete') output.line(`\nclipdex scan ${channelId} reads what is missing.`);
  return exitCodes.done;
}

function describeCoverage(coverage: Coverage): string[] {
  const until = formatTime(coverage.coveredTo);
  const parts = `${formatCount(coverage.holeCount)} ${coverage.holeCount === 1 ? 'part is' : 'parts are'} not read`;
  const states: Record<Coverage['state'], string> = {
    complete:
      coverage.coveredTo === null
        ? 'Complete: there is no message in it.'
        : `Complete: every message from the beginning to the newest one, of ${until}, is read.`,
    unread: 'Nothing of it is read yet.',
    partial:
      coverage.gapFreeSince === null
        ? `Its newest messages, up to ${until}, are not read yet. ${parts}.`
        : `Read without a gap from ${formatTime(coverage.gapFreeSince)} to the newest message, of ${until}. ${parts}.`,
  };
  return [
    states[coverage.state],
    coverage.isFollowed
      ? 'New messages are read as they are posted.'
      : coverage.isReading
        ? 'New messages do not come in at the moment: no gateway is connected (npm start), or the bot cannot see ' +
          `the channel (clipdex runs --channel ${coverage.channelId}).`
        : 'New messages are not read: reading is switched off.',
  ];
}

const channelColumns: Column<ChannelCoverage>[] = [
  {
    title: 'channel',
    value: ({ channelName, threadOf }) => `${threadOf === null ? '' : '  '}${channelName ?? '–'}`,
  },
  { title: 'id', value: (channel) => channel.channelId },
  { title: 'state', value: (channel) => channel.state },
  {
    title: 'without a gap since',
    value: ({ state, gapFreeSince }) => (state === 'complete' ? 'the beginning' : formatTime(gapFreeSince)),
  },
  { title: 'newest message', value: (channel) => formatTime(channel.coveredTo) },
  { title: 'holes', value: (channel) => formatCount(channel.holeCount), isNumber: true },
  { title: 'messages', value: (channel) => formatCount(channel.messageCount), isNumber: true },
  { title: 'live', value: (channel) => (channel.isFollowed ? 'yes' : 'no') },
];

const yearColumns: Column<CoverageYear>[] = [
  { title: 'year', value: ({ year }) => (year === null ? 'not noted' : String(year)) },
  { title: 'messages', value: (year) => formatCount(year.messageCount), isNumber: true },
  { title: 'videos', value: (year) => formatCount(year.videoCount), isNumber: true },
];

const holeColumns: Column<CoverageHole>[] = [
  { title: 'not read from', value: ({ from }) => (from === null ? 'the beginning' : formatTime(from)) },
  { title: 'to', value: ({ to }) => formatTime(to) },
  { title: 'after id', value: ({ afterMessageId }) => afterMessageId ?? '–' },
  { title: 'before id', value: ({ beforeMessageId }) => beforeMessageId },
];
