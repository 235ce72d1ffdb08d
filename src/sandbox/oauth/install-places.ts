import { canManageGuild } from '../permissions.ts';
import type { World, WorldGuild } from '../world.ts';
import type { AuthorizeRequest } from './authorize-request.ts';

/** A guild that somebody could be thinking of, and why the bot cannot be added there, if it cannot. */
export type InstallPlace = { guild: WorldGuild; refusal?: string };

/** The one that was asked for comes first, then those where the bot is not yet; only that one if it may not be changed. */
export function installPlaces(world: World, asked: AuthorizeRequest, userId: string): InstallPlace[] {
  const guilds = [...world.guilds.values()].filter(({ id, members }) =>
    asked.isGuildFixed ? id === asked.guildId : members.has(userId),
  );
  const places = guilds.map((guild): InstallPlace => {
    const refusal = refusalFor(guild, userId);
    return { guild, ...(refusal !== undefined && { refusal }) };
  });
  const weight = ({ guild, refusal }: InstallPlace) =>
    (refusal === undefined ? 0 : 4) + (guild.id === asked.guildId ? 0 : 2) + (guild.botJoined ? 1 : 0);
  return places.sort((a, b) => weight(a) - weight(b));
}

function refusalFor(guild: WorldGuild, userId: string): string | undefined {
  if (!guild.members.has(userId)) return 'You are not a member there.';
  if (!canManageGuild(guild, userId)) return 'You lack the permission Manage Server there.';
  if (guild.isUnavailable) return 'It has an outage.';
  return undefined;
}
