import { PermissionFlagsBits as bits, ChannelType, OverwriteType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import {
  allPermissions,
  canManageGuild,
  canReadHistory,
  canView,
  channelPermissions,
} from './permissions.ts';
import type { WorldChannel, WorldGuild } from './world.ts';

const base = bits.ViewChannel | bits.ReadMessageHistory;

type Overwrite = { id: string; type: OverwriteType; allow: string; deny: string };

function rule(id: string, allow: bigint, deny: bigint, type = OverwriteType.Role): Overwrite {
  return { id, type, allow: String(allow), deny: String(deny) };
}

/** A guild `1` with roles 2 and 3, members `ann` (2, 3), `bob` (none), `root` (administrator), `own` (owner). */
function guildWith(overwrites: Overwrite[], extra: Record<string, object> = {}): WorldGuild {
  const roles = { 1: base, 2: 0n, 3: 0n, 9: bits.Administrator };
  const members = { ann: ['2', '3'], bob: [], root: ['9'], own: [] };
  const place = (id: string, channel: object, threadMembers: string[] = []) =>
    [id, { channel: { id, ...channel }, messages: [], threadMembers: new Set(threadMembers) }] as const;
  return {
    id: '1',
    ownerId: 'own',
    roles: new Map(
      Object.entries(roles).map(([id, permissions]) => [id, { id, permissions: String(permissions) }]),
    ),
    members: new Map(
      Object.entries(members).map(([id, list]) => [id, { user: { id }, roles: list, ...extra[id] }]),
    ),
    channels: new Map([
      place('10', { type: ChannelType.GuildText, permission_overwrites: overwrites }),
      place('11', { type: ChannelType.PublicThread, parent_id: '10' }),
      place('12', { type: ChannelType.PrivateThread, parent_id: '10' }, ['bob']),
      place('13', { type: ChannelType.PublicThread, parent_id: '404' }),
      place('14', { type: ChannelType.GuildVoice, permission_overwrites: overwrites }),
    ]),
  } as unknown as WorldGuild;
}

function channelOf(guild: WorldGuild, id: string): WorldChannel['channel'] {
  const entry = guild.channels.get(id);
  if (!entry) throw new Error(`no channel ${id}`);
  return entry.channel;
}

function seers(guild: WorldGuild, channelId: string, may = canView): string[] {
  return [...guild.members.keys(), 'nobody'].filter((userId) =>
    may(guild, channelOf(guild, channelId), userId),
  );
}

function managers(guild: WorldGuild): string[] {
  return [...guild.members.keys(), 'nobody'].filter((userId) => canManageGuild(guild, userId));
}

test.each<[string, Overwrite[], string[]]>([
  ['nothing special', [], ['ann', 'bob', 'root', 'own']],
  ['@everyone denied', [rule('1', 0n, bits.ViewChannel)], ['root', 'own']],
  [
    'denied to all, allowed to a role',
    [rule('1', 0n, bits.ViewChannel), rule('2', bits.ViewChannel, 0n)],
    ['ann', 'root', 'own'],
  ],
  [
    'one role denies, another allows',
    [rule('2', 0n, bits.ViewChannel), rule('3', bits.ViewChannel, 0n)],
    ['ann', 'bob', 'root', 'own'],
  ],
  [
    'a member is denied what a role allows',
    [rule('2', bits.ViewChannel, 0n), rule('ann', 0n, bits.ViewChannel, OverwriteType.Member)],
    ['bob', 'root', 'own'],
  ],
  ['a role with the id of a member', [rule('ann', 0n, bits.ViewChannel)], ['ann', 'bob', 'root', 'own']],
])('%s: seen by the right ones', (_, overwrites, expected) => {
  const guild = guildWith(overwrites);
  expect(seers(guild, '10')).toEqual(expected);
  expect(seers(guild, '11')).toEqual(expected);
});

test('a private thread is for its members and those who manage threads', () => {
  expect(seers(guildWith([]), '12')).toEqual(['bob', 'root', 'own']);
  expect(seers(guildWith([rule('2', bits.ManageThreads, 0n)]), '12')).toEqual(['ann', 'bob', 'root', 'own']);
});

test('a thread without its channel is seen by nobody but those who see everything', () => {
  expect(seers(guildWith([]), '13')).toEqual(['root', 'own']);
});

test('without VIEW_CHANNEL nothing else is left', () => {
  const guild = guildWith([rule('1', bits.SendMessages, bits.ViewChannel)]);
  expect(channelPermissions(guild, channelOf(guild, '10'), 'bob')).toBe(0n);
  expect(channelPermissions(guild, channelOf(guild, '10'), 'root')).toBe(allPermissions);
});

test('history needs its own permission, and CONNECT in a voice channel', () => {
  expect(seers(guildWith([rule('1', 0n, bits.ReadMessageHistory)]), '10', canReadHistory)).toEqual([
    'root',
    'own',
  ]);
  expect(seers(guildWith([]), '14', canReadHistory)).toEqual(['root', 'own']);
  expect(seers(guildWith([rule('1', bits.Connect, 0n)]), '14', canReadHistory)).toHaveLength(4);
});

const timeOut = (until: string) => ({ communication_disabled_until: until });
const inAMinute = () => new Date(Date.now() + 60_000).toISOString();

test('whoever is timed out sees and reads, and no more', () => {
  const guild = guildWith([rule('1', bits.SendMessages | bits.Connect, 0n)], { bob: timeOut(inAMinute()) });
  expect(channelPermissions(guild, channelOf(guild, '10'), 'bob')).toBe(base);
  expect(seers(guild, '14', canReadHistory)).toEqual(['ann', 'root', 'own']);
});

test('a time-out takes what a moderator may, but nothing from owners and administrators, and it ends', () => {
  const overwrites = [rule('2', bits.ManageThreads, 0n)];
  const timedOut = { ann: timeOut(inAMinute()), root: timeOut(inAMinute()), own: timeOut(inAMinute()) };
  const guild = guildWith(overwrites, timedOut);
  guild.roles.set('3', { id: '3', permissions: String(bits.ManageGuild) } as never);
  expect(seers(guild, '12')).toEqual(['bob', 'root', 'own']);
  expect(managers(guild)).toEqual(['root', 'own']);
  const past = new Date(Date.now() - 1).toISOString();
  const released = guildWith(overwrites, { ann: timeOut(past) });
  released.roles.set('3', { id: '3', permissions: String(bits.ManageGuild) } as never);
  expect(seers(released, '12')).toEqual(['ann', 'bob', 'root', 'own']);
  expect(managers(released)).toEqual(['ann', 'root', 'own']);
});
