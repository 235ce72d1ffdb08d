import { type APIUser, GuildMemberFlags } from 'discord-api-types/v10';
import type { WorldGuild } from '../world.ts';
import { writeChannels } from './channels.ts';
import type { GuildPlan } from './guild-plan.ts';
import { createCast, type GuildScene } from './guild-scene.ts';
import type { IdMint } from './id-mint.ts';
import { NEWCOMERS_SINCE_MS, type People, personOf } from './people.ts';
import type { Random } from './random.ts';
import { makeRoles, moderatorRolesOf } from './roles.ts';
import { DAY_MS, timestampOf, WORLD_END_MS } from './world-time.ts';

/** The first members come with the founding, the last ones half a year before the end. */
const LAST_JOIN_BEFORE_END_MS = 180 * DAY_MS;

/** Discord times nobody out for more than four weeks, but this world must be the same whenever it is looked at. */
const TIMED_OUT_UNTIL_MS = Date.UTC(2099, 0, 1);

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
  for (const handle of plan.newcomers ?? []) {
    addMember(guild, plan, roleIds, personOf(people, handle), NEWCOMERS_SINCE_MS + DAY_MS, NO_FLAGS);
  }
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
    const flags = random.chance(0.1) ? GuildMemberFlags.DidRejoin : NO_FLAGS;
    addMember(guild, plan, roleIds, personOf(people, handle), joinedMs, flags);
  }
}

function addMember(
  guild: WorldGuild,
  plan: GuildPlan,
  roleIds: ReadonlyMap<string, string>,
  user: APIUser,
  joinedMs: number,
  flags: GuildMemberFlags,
): void {
  const handle = user.username;
  const roleNames = plan.roles.filter((role) => role.holders.includes(handle)).map(({ name }) => name);
  if (roleIds.has(handle)) roleNames.push(handle); // a bot's own role has its name
  guild.members.set(user.id, {
    user,
    nick: plan.nicks[handle] ?? null,
    avatar: null,
    roles: roleNames.map((name) => roleIds.get(name) ?? ''),
    joined_at: timestampOf(joinedMs),
    premium_since: null,
    deaf: false,
    mute: false,
    flags,
    pending: false,
    communication_disabled_until: plan.timedOut?.includes(handle) ? timestampOf(TIMED_OUT_UNTIL_MS) : null,
  });
}
