import { listChannelRules } from '../db/channel-rules.ts';
import type { Database, Transaction } from '../db/database.ts';
import { getGuild } from '../db/guilds.ts';
import type { Snowflake } from '../discord/snowflake.ts';
import { switchReading } from '../jobs/switch-reading.ts';
import { unknownScope } from './library-scope.ts';
import { type Command, exitCodes } from './run-command.ts';
import { withDatabase } from './with-database.ts';

type Switched = { switchedIds: string[]; canceledCount: number; queuedCount: number };

/** `channels read on|off`: all of the channels, of whatever guilds, or none of them. */
export function switchChannels(isReading: boolean, channelIds: readonly Snowflake[]): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      const result = await switchAll(db, channelIds, isReading);
      context.output.json(result);
      for (const line of describeSwitch(result, isReading)) context.output.line(line);
      return exitCodes.done;
    });
}

async function switchAll(db: Database, channelIds: readonly string[], isReading: boolean): Promise<Switched> {
  return db.transaction(async (tx) => {
    const total: Switched = { switchedIds: [], canceledCount: 0, queuedCount: 0 };
    for (const [guildId, ids] of await groupByGuild(tx, channelIds)) {
      const part = await switchReading(tx, guildId, ids, isReading);
      total.switchedIds.push(...part.switchedIds);
      total.canceledCount += part.canceledRunIds.length;
      total.queuedCount += part.queuedRunIds.length;
    }
    return total;
  });
}

/** In one order of guilds for all who switch. @throws ClipdexError `channel_unknown` */
async function groupByGuild(tx: Transaction, channelIds: readonly string[]): Promise<[string, string[]][]> {
  const rules = await listChannelRules(tx, channelIds);
  const groups = new Map<string, string[]>();
  for (const id of new Set(channelIds)) {
    const rule = rules.get(id);
    // A guild that the bot has left is hidden, and so are its channels.
    if (!rule || (await getGuild(tx, rule.guildId)) === null) throw unknownScope('channel', id);
    groups.set(rule.guildId, [...(groups.get(rule.guildId) ?? []), id]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function describeSwitch(result: Switched, isReading: boolean): string[] {
  const state = isReading ? 'on' : 'off';
  const { switchedIds, canceledCount, queuedCount } = result;
  if (switchedIds.length === 0) return [`Nothing to do: reading is ${state} there already.`];
  return [
    `Reading is ${state} now for ${plural(switchedIds.length, 'channel')}, threads included.`,
    ...(canceledCount > 0 ? [`${plural(canceledCount, 'run')} that read there ended.`] : []),
    ...(queuedCount > 0 ? [`${plural(queuedCount, 'run')} queued for what was not read so far.`] : []),
    ...(isReading && queuedCount === 0 ? ['Read their history with "clipdex scan <channel>".'] : []),
  ];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
