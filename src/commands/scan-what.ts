import type { Snowflake } from '../discord/snowflake.ts';
import { ClipdexError } from '../lib/errors.ts';
import { indexGuild } from './index-guild.ts';
import { retryScan } from './retry-scan.ts';
import type { Command } from './run-command.ts';
import { type ScanOptions, scanChannel } from './scan.ts';
import { scanWholeGuild } from './scan-guild.ts';

export type ScanWhatOptions = ScanOptions & { guild?: Snowflake; retry?: string; indexOnly?: boolean };

/** What `scan` is asked for: a channel, a guild or its search index, or once more what a run did not finish. */
export function scanWhat(channelId: Snowflake | undefined, options: ScanWhatOptions): Command {
  const { guild, retry, indexOnly = false, ...bounds } = options;
  const targets = [channelId, guild, retry].filter((target) => target !== undefined);
  if (targets.length !== 1) {
    throw wrongUsage('Name what to scan: a channel, --guild <id> or --retry <run>, and only one of them.');
  }
  if (indexOnly && guild === undefined) {
    throw wrongUsage('--index-only asks the search index of a guild: give --guild <id>.');
  }
  if (channelId !== undefined) return scanChannel(channelId, bounds);
  if (bounds.after !== undefined || bounds.before !== undefined) {
    throw wrongUsage('--after and --before are bounds in a channel: name the channel to scan.');
  }
  if (guild === undefined) return retryScan(retry ?? '', bounds);
  return indexOnly ? indexGuild(guild, bounds) : scanWholeGuild(guild, bounds);
}

function wrongUsage(message: string): ClipdexError {
  return new ClipdexError('wrong_usage', message);
}
