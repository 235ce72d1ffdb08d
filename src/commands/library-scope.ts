import { listChannelRules } from '../db/channel-rules.ts';
import type { Queryable } from '../db/database.ts';
import { getGuild } from '../db/guilds.ts';
import { ClipdexError } from '../lib/errors.ts';

/** The part of the library that a list is asked for. */
export type LibraryScope = { guild?: string; channel?: string };

/**
 * An empty list would not tell a wrong id from a guild without videos, so unknown ids are refused.
 * `mayBeClosed`: nothing that was posted is listed, so age restriction is not in the way.
 * @throws ClipdexError `guild_unknown`, `channel_unknown` or `channel_age_restricted`
 */
export async function checkScope(
  db: Queryable,
  { guild, channel }: LibraryScope,
  { mayBeClosed = false } = {},
): Promise<void> {
  if (guild !== undefined && (await getGuild(db, guild)) === null) throw unknownScope('guild', guild);
  if (channel !== undefined) await checkChannel(db, channel, guild, mayBeClosed);
}

async function checkChannel(
  db: Queryable,
  channel: string,
  guild: string | undefined,
  mayBeClosed: boolean,
): Promise<void> {
  const rules = (await listChannelRules(db, [channel])).get(channel);
  if (!rules || (await getGuild(db, rules.guildId)) === null) throw unknownScope('channel', channel);
  if (!rules.isOpen && !mayBeClosed) {
    throw new ClipdexError(
      'channel_age_restricted',
      `The channel ${channel} is age-restricted, and its setting scan_nsfw is off, so nothing of it is listed.`,
    );
  }
  if (guild !== undefined && rules.guildId !== guild) {
    throw new ClipdexError('channel_unknown', `The channel ${channel} is not in guild ${guild}.`);
  }
}

export function unknownScope(what: 'guild' | 'channel', id: string): ClipdexError {
  return new ClipdexError(
    `${what}_unknown`,
    `There is no ${what} ${id} here; "clipdex channels" lists what there is.`,
  );
}
