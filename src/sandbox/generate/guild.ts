import { GuildMemberFlags } from 'discord-api-types/v10';
import type { WorldGuild, WorldMember } from '../world.ts';
import { writeChannels } from './channels.ts';
import type { GuildPlan } from './guild-plan.ts';
import { createCast, type GuildScene } from './guild-scene.ts';
import type { IdMint } from './id-mint.ts';
import { type People, personOf } from './people.ts';
import type { Random } from './random.ts';
import { makeRoles, moderatorRolesOf } from './roles.ts';
import { DAY_MS, timestampOf, WORLD_END_MS } from './world-time.ts';

/** The first members come with the founding, the last ones half a year before the end. */
const LAST_JOIN_BEFORE_END_MS = 180 * DAY_MS;

/** Discord's enum has no name for none. */
const NO_FLAGS = 0 as GuildMemberFlags;

export function makeGuild(
  random: Random,
  mintId: IdMint,
  people: People,
  plan: GuildPlan,
  captionsSaid: Set<string>,
): WorldGuild {
  const foundedMs = Date.parse(plan.foundedAt);
  const guild: WorldGuild = {
    id: mintId(foundedMs),
    name: plan.name,
    icon: null,
    ownerId: personOf(people, plan.owner).id,
    botJoined: plan.botJoined,
    isUnavailable: false,
    roles: new Map(),
    members: new Map(),
    channels: new Map(),
  };
  const roleIds = makeRoles(guild, mintId, plan, foundedMs, people.clipdex.id);
  addMembers(random, guild, people, plan, roleIds);
  const scene: GuildScene = {
    random,
    mintId,
    plan,
    guild,
    foundedMs,
    cast: createCast(guild, moderatorRolesOf(plan, roleIds)),
    roleIds,
    clipdex: people.clipdex,
    captionsSaid,
    forwardable: [],
  };
  writeChannels(scene);
  return guild;
}

function addMembers(
  random: Random,
  guild: WorldGuild,
  people: People,
  plan: GuildPlan,
  roleIds: ReadonlyMap<string, string>,
): void {
  const foundedMs = Date.parse(plan.foundedAt);
  const span = WORLD_END_MS - LAST_JOIN_BEFORE_END_MS - foundedMs;
  const [founder = plan.owner, ...others] = plan.members;
  const handles = [founder, ...plan.bots, ...others, ...(plan.botJoined ? [people.clipdex.username] : [])];
  for (const [place, handle] of handles.entries()) {
    const share = (place / handles.length) ** 1.4;
    const joinedMs = place === 0 ? foundedMs : foundedMs + share * span + random.int(0, 9 * DAY_MS);
    const rolesOfMember = plan.roles.filter((role) => role.holders.includes(handle)).map(({ name }) => name);
    if (handle === people.clipdex.username) rolesOfMember.push(people.clipdex.username);
    const member: WorldMember = {
      user: personOf(people, handle),
      nick: plan.nicks[handle] ?? null,
      avatar: null,
      roles: rolesOfMember.map((name) => roleIds.get(name) ?? ''),
      joined_at: timestampOf(joinedMs),
      premium_since: null,
      deaf: false,
      mute: false,
      flags: random.chance(0.1) ? GuildMemberFlags.DidRejoin : NO_FLAGS,
      pending: false,
      communication_disabled_until: null,
    };
    guild.members.set(member.user.id, member);
  }
}
