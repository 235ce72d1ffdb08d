import { PermissionFlagsBits as bits } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { ids } from '../sandbox/small-world.ts';
import { openSightStage, type SightStage, worldWithThreads } from './sight-stage.ts';

const ROLES_SECS = 300; // after so long Discord is asked for roles again
const THREADS_SECS = 900; // … and who is in a private thread

test('everybody in a world of communities sees what Discord shows them, and nothing else', async () => {
  const stage = await openSightStage(generateWorld(7));
  expect(stage.userIds.length).toBeGreaterThan(30);
  expect(await stage.differences()).toEqual([]);
  const kinds = await stage.db.query<{ type: string; seen: number; viewers: number }>(sql`
    select c.type, count(distinct c.channel_id)::int as seen, count(distinct s.user_id)::int as viewers
    from viewer_channels s join bot_channels c on c.channel_id = any (s.channel_ids)
    group by c.type`);
  // Some see a private thread, and not all.
  expect(kinds.find((kind) => kind.type === 'private_thread')?.viewers).toBeLessThan(stage.userIds.length);
  expect(kinds.map((kind) => kind.type)).toEqual(expect.arrayContaining(['text', 'voice', 'forum']));
});

type Change = {
  what: string;
  make(control: SightStage['sandbox']['control']): Promise<unknown>;
  /** Without the intent for members Discord does not tell of it, and it is found after so long. */
  untoldSecs?: number;
};

const inGuild = { guild_id: ids.guild };
const ofMember = { ...inGuild, user_id: ids.member };
const overwrite = (fields: { allow?: bigint; deny?: bigint }, channelId: string = ids.hidden) => ({
  ...{ channel_id: channelId, id: ids.guild, type: 'role' },
  ...(fields.allow === undefined ? {} : { allow: String(fields.allow) }),
  ...(fields.deny === undefined ? {} : { deny: String(fields.deny) }),
});
const ofManagers = { ...inGuild, role_id: ids.managerRole };

const changes: Change[] = [
  {
    what: 'a role that opens a channel',
    make: (control) =>
      control('overwrite', { ...overwrite({ allow: bits.ViewChannel }), id: ids.managerRole }),
  },
  {
    what: 'a role given',
    make: (control) => control('give-role', { ...ofMember, role_id: ids.managerRole }),
    untoldSecs: ROLES_SECS,
  },
  {
    what: 'an overwrite for one member',
    make: (control) =>
      control('overwrite', {
        ...overwrite({ deny: bits.ViewChannel }, ids.general),
        ...{ id: ids.member, type: 'member' },
      }),
  },
  {
    what: 'the overwrite taken away',
    make: (control) =>
      control('overwrite', { ...overwrite({}, ids.general), ...{ id: ids.member, type: 'member' } }),
  },
  {
    what: 'a role taken',
    make: (control) => control('take-role', { ...ofMember, role_id: ids.managerRole }),
    untoldSecs: ROLES_SECS,
  },
  {
    what: 'a role that may manage threads',
    make: (control) =>
      control('update-role', { ...ofManagers, permissions: String(bits.ManageGuild | bits.ManageThreads) }),
  },
  {
    what: 'a role deleted',
    make: (control) => control('delete-role', ofManagers),
  },
  {
    what: 'everybody losing the history',
    make: (control) =>
      control('update-role', { ...inGuild, role_id: ids.guild, permissions: String(bits.ViewChannel) }),
  },
  {
    what: 'everybody getting it back',
    make: (control) =>
      control('update-role', {
        ...{ ...inGuild, role_id: ids.guild },
        permissions: String(bits.ViewChannel | bits.ReadMessageHistory | bits.Connect),
      }),
  },
  {
    what: 'a category closed',
    make: (control) => control('overwrite', overwrite({ deny: bits.ViewChannel }, ids.category)),
  },
  {
    what: 'a channel moved out of it, with its overwrites',
    make: (control) => control('move-channel', { channel_id: ids.general, parent_id: null }),
  },
  {
    what: 'a channel opened',
    make: (control) => control('overwrite', overwrite({}, ids.general)),
  },
  {
    what: 'a channel moved back, taking what the category has',
    make: (control) =>
      control('move-channel', { channel_id: ids.general, parent_id: ids.category, sync: true }),
  },
  {
    what: 'the category opened again, and what follows it',
    make: (control) => control('overwrite', overwrite({}, ids.category)),
  },
  {
    what: 'age restriction',
    make: (control) => control('update-channel', { channel_id: ids.general, nsfw: true }),
  },
  {
    what: 'age restriction lifted',
    make: (control) => control('update-channel', { channel_id: ids.general, nsfw: false }),
  },
  {
    what: 'a private thread joined',
    make: (control) => control('join-thread', { channel_id: ids.privateThread, user_id: ids.member }),
    untoldSecs: THREADS_SECS,
  },
  {
    what: 'a time-out',
    make: (control) => control('time-out', { ...ofMember, secs: 3_600 }),
    untoldSecs: ROLES_SECS,
  },
  {
    what: 'a time-out lifted',
    make: (control) => control('time-out', ofMember),
    untoldSecs: ROLES_SECS,
  },
  {
    what: 'a private thread left',
    make: (control) => control('leave-thread', { channel_id: ids.privateThread, user_id: ids.member }),
    untoldSecs: THREADS_SECS,
  },
  {
    what: 'a new owner',
    make: (control) => control('update-guild', { ...inGuild, owner_id: ids.member }),
  },
  {
    what: 'the former owner back',
    make: (control) => control('update-guild', { ...inGuild, owner_id: ids.owner }),
  },
  {
    what: 'a thread, and a private one',
    async make(control) {
      const thread = { channel_id: ids.general, name: 'new', owner_id: ids.manager };
      await control('create-thread', thread);
      await control('create-thread', { ...thread, private: true });
    },
  },
  {
    what: 'the private thread joined again',
    make: (control) => control('join-thread', { channel_id: ids.privateThread, user_id: ids.member }),
    untoldSecs: THREADS_SECS,
  },
  {
    what: 'a kick',
    make: (control) => control('remove-member', ofMember),
    untoldSecs: ROLES_SECS,
  },
  {
    what: 'the member back, in no private thread',
    make: (control) => control('add-member', ofMember),
    untoldSecs: ROLES_SECS,
  },
  {
    what: 'somebody new',
    make: (control) => control('add-member', { ...ofMember, user_id: ids.outsider }),
    untoldSecs: ROLES_SECS,
  },
  {
    what: 'a channel deleted, with its threads',
    make: (control) => control('delete-channel', { channel_id: ids.general }),
  },
  {
    what: 'the bot kicked',
    make: (control) => control('kick-bot', inGuild),
  },
  {
    what: 'the bot back',
    make: (control) => control('add-bot', inGuild),
  },
];

test.each([
  ['with the intent for members', true],
  ['without the intent for members', false],
])('whatever changes, everybody sees what Discord shows them then: %s', async (_, hasMemberIntent) => {
  const stage = await openSightStage(worldWithThreads(), { hasMemberIntent });
  const { control } = stage.sandbox;
  expect(await stage.differences()).toEqual([]);
  expect(await stage.look(ids.member)).not.toContain(ids.privateThread);
  const shown = new Map<string, string[]>([['before', await stage.look(ids.member)]]);
  for (const { what, make, untoldSecs } of changes) {
    await make(control);
    await stage.settle();
    if (untoldSecs !== undefined && !hasMemberIntent) await stage.pass(untoldSecs);
    expect({ what, differences: await stage.differences() }).toEqual({ what, differences: [] });
    shown.set(what, await stage.look(ids.member));
  }
  // The oracle above could be wrong in the same way as we are; this is what must come of some of it.
  expect(shown.get('a role given')).toContain(ids.hidden);
  expect(shown.get('a role taken')).toEqual(shown.get('before'));
  expect(shown.get('an overwrite for one member')).not.toContain(ids.general);
  expect(shown.get('everybody losing the history')).toEqual([]);
  expect(shown.get('age restriction')).not.toContain(ids.general);
  expect(shown.get('a private thread joined')).toContain(ids.privateThread);
  expect(shown.get('a time-out')).toEqual(expect.arrayContaining([ids.general, ids.privateThread]));
  expect(shown.get('a time-out')).not.toContain(ids.voice);
  expect(shown.get('a private thread left')).not.toContain(ids.privateThread);
  expect(shown.get('the private thread joined again')).toContain(ids.privateThread);
  expect(shown.get('a kick')).toEqual([]);
  expect(shown.get('the member back, in no private thread')).toContain(ids.voice);
  expect(shown.get('the member back, in no private thread')).not.toContain(ids.privateThread);
  expect(shown.get('the bot kicked')).toEqual([]);
  expect(shown.get('the bot back')).toContain(ids.voice);
});
