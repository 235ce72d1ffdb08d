import { type APIOverwrite, PermissionFlagsBits as Bits, OverwriteType } from 'discord-api-types/v10';
import type { AccessPlan } from './guild-plan.ts';
import type { GuildScene } from './guild-scene.ts';

/** The permission overwrites that make a channel as open or closed as planned. */
export function makeOverwrites(scene: GuildScene, access: AccessPlan = {}): APIOverwrite[] {
  const { guild, roleIds, plan } = scene;
  const role = (name: string) => roleIds.get(name) ?? failOn(name);
  const overwrites: APIOverwrite[] = [];
  if (access.onlyRoles) {
    overwrites.push(overwrite(guild.id, OverwriteType.Role, 0n, Bits.ViewChannel));
    for (const name of access.onlyRoles) {
      overwrites.push(overwrite(role(name), OverwriteType.Role, Bits.ViewChannel, 0n));
    }
  }
  if (access.isReadOnly) {
    overwrites.push(overwrite(guild.id, OverwriteType.Role, 0n, Bits.SendMessages));
    for (const { name, permissions } of plan.roles) {
      if (permissions) overwrites.push(overwrite(role(name), OverwriteType.Role, Bits.SendMessages, 0n));
    }
  }
  const botAllows =
    (access.admitsBot ? Bits.ViewChannel : 0n) | (access.botManagesThreads ? Bits.ManageThreads : 0n);
  const botDenies = access.hidesHistoryFromBot ? Bits.ReadMessageHistory : 0n;
  if (plan.botJoined && (botAllows | botDenies) !== 0n) {
    overwrites.push(overwrite(role('Clipdex'), OverwriteType.Role, botAllows, botDenies));
  }
  for (const handle of access.muted ?? []) {
    const member = [...guild.members.values()].find(({ user }) => user.username === handle);
    if (!member) failOn(handle);
    else overwrites.push(overwrite(member.user.id, OverwriteType.Member, 0n, Bits.SendMessages));
  }
  return overwrites;
}

function overwrite(id: string, type: OverwriteType, allow: bigint, deny: bigint): APIOverwrite {
  return { id, type, allow: String(allow), deny: String(deny) };
}

function failOn(name: string): never {
  throw new Error(`an access plan names ${name}, which its guild does not have`);
}
