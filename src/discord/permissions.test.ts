import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALL_PERMISSIONS,
  canReadHistory,
  channelPermissions,
  guildPermissions,
  has,
  type Overwrite,
  Permission,
  type PermissionQuestion,
} from './permissions.ts';

const { viewChannel, readMessageHistory, connect, manageThreads, administrator, sendMessages } = Permission;
const reader = viewChannel | readMessageHistory;

function question(changes: Partial<PermissionQuestion> = {}): PermissionQuestion {
  return {
    guildId: '1',
    ownerId: '100',
    roles: [
      { id: '1', permissions: String(reader) },
      { id: '2', permissions: '0' },
      { id: '3', permissions: '0' },
    ],
    member: { userId: '200', roleIds: ['2', '3'] },
    channel: { type: 'text', overwrites: [] },
    ...changes,
  };
}

const forRole = (id: string, allow: bigint, deny: bigint): Overwrite => ({
  id,
  type: 0,
  allow: String(allow),
  deny: String(deny),
});
const forMember = (id: string, allow: bigint, deny: bigint): Overwrite => ({
  ...forRole(id, allow, deny),
  type: 1,
});
const inChannel = (...overwrites: Overwrite[]) => question({ channel: { type: 'text', overwrites } });

describe('channelPermissions', () => {
  test('without overwrites: @everyone and the roles together', () => {
    const roles = [
      { id: '1', permissions: String(viewChannel) },
      { id: '2', permissions: String(sendMessages) },
      { id: '9', permissions: String(manageThreads) },
    ];
    expect(channelPermissions(question({ roles }))).toBe(viewChannel | sendMessages);
  });

  test('a time-out leaves to see and to read, but nothing to owners and administrators is taken', () => {
    const roles = [
      { id: '1', permissions: String(reader | connect | manageThreads | Permission.manageGuild) },
    ];
    const member = { userId: '200', roleIds: ['2'], isTimedOut: true };
    expect(channelPermissions(question({ roles, member }))).toBe(reader);
    expect(guildPermissions(question({ roles, member }))).toBe(reader);
    const voice = { type: 'voice', overwrites: [] };
    expect(canReadHistory(question({ roles, member, channel: voice }))).toEqual({
      ...{ canRead: false, missing: 'connect' },
    });
    const parent = { overwrites: [] };
    expect(channelPermissions(question({ roles, member, parent, privateThread: { isMember: false } }))).toBe(
      0n,
    );
    expect(channelPermissions(question({ roles, member, parent, privateThread: { isMember: true } }))).toBe(
      reader,
    );
    const admins = [{ id: '2', permissions: String(administrator) }];
    expect(channelPermissions(question({ roles: admins, member }))).toBe(ALL_PERMISSIONS);
    const owner = { userId: '100', roleIds: [], isTimedOut: true };
    expect(guildPermissions(question({ member: owner }))).toBe(ALL_PERMISSIONS);
  });

  test('the owner passes any overwrite', () => {
    const owner = { userId: '100', roleIds: [] };
    expect(channelPermissions({ ...inChannel(forMember('100', 0n, reader)), member: owner })).toBe(
      ALL_PERMISSIONS,
    );
  });

  test('an administrator passes any overwrite', () => {
    const roles = [{ id: '2', permissions: String(administrator) }];
    expect(channelPermissions({ ...inChannel(forRole('1', 0n, viewChannel)), roles })).toBe(ALL_PERMISSIONS);
  });

  test('an unknown owner is nobody', () => {
    const member = { userId: '', roleIds: [] };
    expect(channelPermissions(question({ ownerId: null, member, roles: [] }))).toBe(0n);
  });

  test('a role opens what @everyone closed', () => {
    expect(channelPermissions(inChannel(forRole('1', 0n, viewChannel), forRole('2', viewChannel, 0n)))).toBe(
      reader,
    );
  });

  test('among roles an allow beats a deny, in either order', () => {
    const deny = forRole('2', 0n, viewChannel);
    const allow = forRole('3', viewChannel, 0n);
    expect(channelPermissions(inChannel(deny, allow))).toBe(reader);
    expect(channelPermissions(inChannel(allow, deny))).toBe(reader);
  });

  test('the member has the last word', () => {
    expect(
      channelPermissions(inChannel(forRole('2', viewChannel, 0n), forMember('200', 0n, viewChannel))),
    ).toBe(0n);
  });

  test('without VIEW_CHANNEL nothing else is left', () => {
    expect(channelPermissions(inChannel(forRole('1', sendMessages, viewChannel)))).toBe(0n);
  });

  test('overwrites of other roles and members, and a role overwrite with the id of the member, do nothing', () => {
    const others = [forRole('9', 0n, reader), forMember('201', 0n, reader), forRole('200', 0n, reader)];
    expect(channelPermissions(inChannel(...others))).toBe(reader);
  });

  test('a thread takes the overwrites of its parent, not its own', () => {
    const parent = { overwrites: [forRole('1', 0n, viewChannel)] };
    expect(channelPermissions({ ...inChannel(forRole('1', viewChannel, 0n)), parent })).toBe(0n);
  });

  test('a private thread is for its members and for those who manage threads', () => {
    expect(channelPermissions(question({ privateThread: { isMember: false } }))).toBe(0n);
    expect(channelPermissions(question({ privateThread: { isMember: true } }))).toBe(reader);
    const managers = inChannel(forRole('2', manageThreads, 0n));
    expect(channelPermissions({ ...managers, privateThread: { isMember: false } })).toBe(
      reader | manageThreads,
    );
  });

  test.each<unknown>([
    null,
    undefined,
    'text',
    [null],
    [{}],
    [{ id: '1', type: 0, allow: 'x', deny: '1024' }],
    [{ id: '1', type: 0, deny: '1024' }],
    [{ id: '1', type: 0, allow: 0, deny: 1024 }],
    [{ id: '1', type: 'role', allow: '0', deny: '1024' }],
  ])('malformed overwrites %j are ignored', (overwrites) => {
    const channel = { type: 'text', overwrites: overwrites as Overwrite[] };
    expect(channelPermissions(question({ channel }))).toBe(reader);
  });
});

describe('canReadHistory names what is missing', () => {
  const access = (type: string, ...overwrites: Overwrite[]) =>
    canReadHistory(question({ channel: { type, overwrites } }));

  test('in text channels', () => {
    expect(access('text')).toEqual({ canRead: true });
    expect(access('text', forRole('1', 0n, reader))).toEqual({ canRead: false, missing: 'view_channel' });
    expect(access('text', forRole('1', 0n, readMessageHistory))).toEqual({
      canRead: false,
      missing: 'read_message_history',
    });
  });

  test.each(['voice', 'stage'])('CONNECT in a %s channel', (type) => {
    expect(access(type)).toEqual({ canRead: false, missing: 'connect' });
    expect(access(type, forMember('200', connect, 0n))).toEqual({ canRead: true });
  });
});

describe('for all guilds', () => {
  const bits = fc.bigInt({ min: 0n, max: 2n ** 52n - 1n });
  const id = fc.constantFrom('1', '2', '3', '4', '100', '200');
  const overwrite = fc
    .tuple(id, fc.constantFrom(0, 1), bits, bits)
    .map(([owner, type, allow, deny]) => ({ id: owner, type, allow: String(allow), deny: String(deny) }));
  const overwrites = fc.uniqueArray(overwrite, { maxLength: 6, selector: (one) => `${one.type}:${one.id}` });
  const guilds = fc
    .record({
      permissions: fc.array(bits, { minLength: 4, maxLength: 4 }),
      roleIds: fc.subarray(['2', '3', '4']),
      userId: fc.constantFrom('100', '200'),
      overwrites,
    })
    .map(({ permissions, roleIds, userId, overwrites: list }) =>
      question({
        roles: permissions.map((value, index) => ({ id: String(index + 1), permissions: String(value) })),
        member: { userId, roleIds },
        channel: { type: 'text', overwrites: list },
      }),
    );

  test('the order of roles and overwrites does not matter', () => {
    fc.assert(
      fc.property(guilds, (guild) => {
        const turned = {
          ...guild,
          roles: guild.roles.toReversed(),
          member: { ...guild.member, roleIds: guild.member.roleIds.toReversed() },
          channel: { ...guild.channel, overwrites: (guild.channel.overwrites ?? []).toReversed() },
        };
        expect(channelPermissions(turned)).toBe(channelPermissions(guild));
      }),
    );
  });

  test('all, nothing, or something with VIEW_CHANNEL', () => {
    fc.assert(
      fc.property(guilds, (guild) => {
        const permissions = channelPermissions(guild);
        expect(permissions === 0n || has(permissions, viewChannel)).toBe(true);
        if (guild.member.userId === guild.ownerId) expect(permissions).toBe(ALL_PERMISSIONS);
      }),
    );
  });

  test('a deny for the member takes, an allow gives, whatever came before', () => {
    fc.assert(
      fc.property(guilds, bits, (guild, wanted) => {
        fc.pre(channelPermissions(guild) !== ALL_PERMISSIONS);
        const rest = (guild.channel.overwrites ?? []).filter((one) => one.type !== 1);
        const asked = (own: Overwrite) =>
          channelPermissions({ ...guild, channel: { type: 'text', overwrites: [own, ...rest] } });
        expect(asked(forMember('200', 0n, wanted)) & wanted).toBe(0n);
        const given = wanted | viewChannel;
        expect(has(asked(forMember('200', given, 0n)), given)).toBe(true);
      }),
    );
  });
});
