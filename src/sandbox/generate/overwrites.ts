import { type APIOverwrite, PermissionFlagsBits as Bits, OverwriteType } from 'discord-api-types/v10';
import type { AccessPlan } from './guild-plan.ts';
import type { GuildScene } from './guild-scene.ts';

type Bitset = { allow?: bigint; deny?: bigint };

/** The permission overwrites that make a channel as open or closed as planned. */
export function makeOverwrites(scene: GuildScene, access: AccessPlan = {}): APIOverwrite[] {
  const { guild, roleIds, plan } = scene;
  const overwrites = new Map<string, APIOverwrite>();
  const put = (id: string, type: OverwriteType, { allow = 0n, deny = 0n }: Bitset) => {
    const before = overwrites.get(id) ?? { id, type, allow: '0', deny: '0' };
    const merged = { allow: BigInt(before.allow) | allow, deny: BigInt(before.deny) | deny };
    overwrites.set(id, { id, type, allow: String(merged.allow), deny: String(merged.deny) });
  };
  const forAll = (bits: Bitset) => put(guild.id, OverwriteType.Role, bits);
  const forRoles = (names: readonly string[] = [], bits: Bitset) => {
    for (const name of names) put(roleIds.get(name) ?? failOn(name), OverwriteType.Role, bits);
  };
  const forMembers = (handles: readonly string[] = [], bits: Bitset) => {
    for (const handle of handles) put(memberId(scene, handle), OverwriteType.Member, bits);
  };

  if (access.onlyRoles) forAll({ deny: Bits.ViewChannel });
  forRoles(access.onlyRoles, { allow: Bits.ViewChannel });
  if (access.onlyRolesConnect) forAll({ deny: Bits.Connect });
  forRoles(access.onlyRolesConnect, { allow: Bits.Connect });
  if (access.isReadOnly) {
    forAll({ deny: Bits.SendMessages });
    const moderators = plan.roles.filter(({ permissions }) => permissions).map(({ name }) => name);
    forRoles(moderators, { allow: Bits.SendMessages });
  }
  if (plan.botJoined) forRoles(botBits(access) ? ['Clipdex'] : [], botBits(access) ?? {});
  forRoles(access.hidesHistoryFrom, { deny: Bits.ReadMessageHistory });
  forMembers(access.admits, { allow: Bits.ViewChannel });
  forMembers(access.shutsOut, { deny: Bits.ViewChannel });
  forMembers(access.muted, { deny: Bits.SendMessages });
  return [...overwrites.values()];
}

/** What the bot's own role is allowed and denied; undefined when that is nothing. */
function botBits(access: AccessPlan): Bitset | undefined {
  const opened = (access.onlyRoles ? Bits.ViewChannel : 0n) | (access.onlyRolesConnect ? Bits.Connect : 0n);
  const allow = (access.admitsBot ? opened : 0n) | (access.botManagesThreads ? Bits.ManageThreads : 0n);
  const deny = access.hidesHistoryFromBot ? Bits.ReadMessageHistory : 0n;
  return (allow | deny) === 0n ? undefined : { allow, deny };
}

function memberId({ guild }: GuildScene, handle: string): string {
  const member = [...guild.members.values()].find(({ user }) => user.username === handle);
  return member?.user.id ?? failOn(handle);
}

function failOn(name: string): never {
  throw new Error(`an access plan names ${name}, which its guild does not have`);
}
