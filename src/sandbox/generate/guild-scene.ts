import type { APIUser } from 'discord-api-types/v10';
import type { WorldChannel, WorldGuild, WorldMessage } from '../world.ts';
import type { GuildPlan } from './guild-plan.ts';
import type { IdMint } from './id-mint.ts';
import type { Random } from './random.ts';

/** What the parts of the generator share while one guild is made. */
export type GuildScene = {
  random: Random;
  mintId: IdMint;
  plan: GuildPlan;
  guild: WorldGuild;
  foundedMs: number;
  cast: Cast;
  /** Roles by name. */
  roleIds: ReadonlyMap<string, string>;
  clipdex: APIUser;
  /** Captions used so far in the whole world, so that a page of videos does not say the same twice. */
  captionsSaid: Set<string>;
  /** Messages with videos so far, to be forwarded elsewhere. */
  forwardable: WorldMessage[];
};

/** The people of a guild, in the order in which they joined. */
export type Cast = {
  /** Someone who had joined by then; the founders talk most. */
  speaker(random: Random, timeMs: number): APIUser;
  /** Members with a role that lets them moderate. */
  moderators: readonly APIUser[];
  /** The community's own bot. */
  helper: APIUser | undefined;
};

export function createCast(guild: WorldGuild, moderatorRoles: ReadonlySet<string>): Cast {
  const people = [...guild.members.values()]
    .filter(({ user }) => !user.bot)
    .map((member) => ({ member, joinedMs: Date.parse(member.joined_at ?? '') }))
    .sort((a, b) => a.joinedMs - b.joinedMs);
  const founders = people.slice(0, 1);
  return {
    speaker(random, timeMs) {
      let present = people.length;
      while (present > 1 && (people[present - 1]?.joinedMs ?? 0) > timeMs) present -= 1;
      const place = Math.floor(random.next() ** 1.3 * present);
      return (people[place] ?? founders[0] ?? fail(guild)).member.user;
    },
    moderators: people
      .filter(({ member }) => member.roles.some((role) => moderatorRoles.has(role)))
      .map(({ member }) => member.user),
    helper: [...guild.members.values()]
      .map(({ user }) => user)
      .find((user) => user.bot && user.username !== 'Clipdex'),
  };
}

export function addChannel(scene: GuildScene, channel: WorldChannel['channel']): WorldChannel {
  const entry: WorldChannel = { channel, messages: [], threadMembers: new Set() };
  scene.guild.channels.set(channel.id, entry);
  return entry;
}

function fail(guild: WorldGuild): never {
  throw new Error(`the plan of ${guild.name} has no members`);
}
