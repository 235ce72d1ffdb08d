import { type APIRole, PermissionFlagsBits as Bits, type RoleFlags } from 'discord-api-types/v10';
import type { WorldGuild } from '../world.ts';
import type { GuildPlan, RolePlan } from './guild-plan.ts';
import type { IdMint } from './id-mint.ts';
import { DAY_MS } from './world-time.ts';

const everyonePermissions =
  Bits.ViewChannel |
  Bits.ReadMessageHistory |
  Bits.SendMessages |
  Bits.SendMessagesInThreads |
  Bits.CreatePublicThreads |
  Bits.EmbedLinks |
  Bits.AttachFiles |
  Bits.AddReactions |
  Bits.UseExternalEmojis |
  Bits.Connect |
  Bits.Speak |
  Bits.ChangeNickname;

/** Discord's enum has no name for none. */
const NO_FLAGS = 0 as RoleFlags;

/** What the install link of Clipdex asks for. */
const clipdexPermissions =
  Bits.ViewChannel | Bits.ReadMessageHistory | Bits.Connect | Bits.SendMessages | Bits.EmbedLinks;

const rolePermissions: Record<NonNullable<RolePlan['permissions']>, bigint> = {
  administrator: Bits.Administrator,
  moderator:
    Bits.ManageMessages | Bits.ManageThreads | Bits.KickMembers | Bits.ModerateMembers | Bits.MuteMembers,
  organiser: Bits.ManageGuild | Bits.ManageChannels | Bits.ManageEvents,
};

/** Adds @everyone, the plan's roles and the bot's own one; answers the ids by name. */
export function makeRoles(
  guild: WorldGuild,
  mintId: IdMint,
  plan: GuildPlan,
  foundedMs: number,
  clipdexId: string,
): Map<string, string> {
  const add = (role: APIRole) => guild.roles.set(role.id, role);
  add(makeRole(guild.id, '@everyone', 0, everyonePermissions, 0));
  const roleIds = new Map<string, string>();
  for (const [place, role] of plan.roles.entries()) {
    const id = mintId(foundedMs + (place + 1) * DAY_MS);
    const permissions = role.permissions === undefined ? 0n : rolePermissions[role.permissions];
    add({
      ...makeRole(id, role.name, plan.roles.length - place + 1, permissions, role.color),
      hoist: role.permissions !== undefined,
      mentionable: role.permissions === undefined,
    });
    roleIds.set(role.name, id);
  }
  if (plan.botJoined) {
    const id = mintId(foundedMs + 400 * DAY_MS);
    add({ ...makeRole(id, 'Clipdex', 1, clipdexPermissions, 0), managed: true, tags: { bot_id: clipdexId } });
    roleIds.set('Clipdex', id);
  }
  return roleIds;
}

export function moderatorRolesOf(plan: GuildPlan, roleIds: ReadonlyMap<string, string>): Set<string> {
  const names = plan.roles.filter(({ permissions }) => permissions !== undefined).map(({ name }) => name);
  return new Set(names.map((name) => roleIds.get(name) ?? ''));
}

function makeRole(id: string, name: string, position: number, permissions: bigint, color: number): APIRole {
  return {
    id,
    name,
    color,
    colors: { primary_color: color, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position,
    permissions: String(permissions),
    managed: false,
    mentionable: false,
    flags: NO_FLAGS,
  };
}
