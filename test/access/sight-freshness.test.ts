import { PermissionFlagsBits as bits } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';
import { listChannelOverviews } from '../../src/db/channel-overviews.ts';
import { markGuildDeparted } from '../../src/db/guild-departures.ts';
import { noteMember, storeMembers } from '../../src/db/member-roles.ts';
import { canSeeChannel, canSeeGuild } from '../../src/db/sight.ts';
import { readSightSources, readSightState, storeViewerChannels } from '../../src/db/viewer-channels.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { waitFor } from '../support/wait-for.ts';
import { openSightStage, readSeen, type SightStage, viewer, worldWithThreads } from './sight-stage.ts';

const MEMBER = 'GET /guilds/:guild/members/:user';
const SIX_MINUTES = 360;
const HOUR = 3_600;
const eyes = { userId: ids.member };
const toView = { allow: String(bits.ViewChannel) };

/** How often Discord was asked for members so far. */
async function membersAsked({ sandbox }: SightStage): Promise<number> {
  return (await sandbox.requests())[MEMBER] ?? 0;
}

/** Opens a channel that nobody sees to everybody. */
async function openHidden(stage: SightStage): Promise<void> {
  await stage.sandbox.control('overwrite', {
    channel_id: ids.hidden,
    id: ids.guild,
    type: 'role',
    ...toView,
  });
  await stage.settle();
}

describe('a request', () => {
  test('costs one statement where all is fresh, and asks Discord nothing', async () => {
    const stage = await openSightStage(smallWorld());
    await stage.look(ids.member);
    const before = [stage.statements(), await membersAsked(stage)];
    await stage.sights.prepareSight(viewer(ids.member));
    expect([stage.statements(), await membersAsked(stage)]).toEqual([(before[0] ?? 0) + 1, before[1]]);
  });

  test('of several at once asks Discord once', async () => {
    const stage = await openSightStage(smallWorld());
    const before = await membersAsked(stage);
    await Promise.all([1, 2, 3, 4].map(() => stage.sights.prepareSight(viewer(ids.member))));
    expect((await membersAsked(stage)) - before).toBe(1);
  });

  test('asks Discord for roles again after five minutes, and not before', async () => {
    const stage = await openSightStage(smallWorld());
    await stage.look(ids.member);
    const before = await membersAsked(stage);
    await stage.pass(200);
    await stage.look(ids.member);
    expect(await membersAsked(stage)).toBe(before);
    await stage.pass(100);
    await stage.look(ids.member);
    expect(await membersAsked(stage)).toBe(before + 1);
  });

  test('sees what another process has heard, whichever of the two computes it', async () => {
    const stage = await openSightStage(smallWorld());
    const other = await stage.openAnother();
    expect(await stage.look(ids.member, other)).not.toContain(ids.hidden);
    await openHidden(stage);
    expect(await stage.look(ids.member, other)).toContain(ids.hidden);
    const before = [stage.statements(), other.statements()];
    expect(await stage.look(ids.member)).toContain(ids.hidden);
    expect([stage.statements(), other.statements()]).toEqual([(before[0] ?? 0) + 1, before[1]]);
  });
});

describe('fails closed:', () => {
  test('what was computed before the last change shows nothing until it is computed again', async () => {
    const stage = await openSightStage(smallWorld());
    expect(await stage.look(ids.member)).toContain(ids.general);
    await openHidden(stage);
    expect(await readSeen(stage.db, eyes)).toEqual([]);
    expect(await canSeeGuild(stage.db, eyes, ids.guild)).toBe(false);
    expect(await canSeeChannel(stage.db, eyes, ids.general)).toBe(false);
    expect(await listChannelOverviews(stage.db, eyes, ids.guild)).toEqual([]);
    expect(await stage.look(ids.member)).toEqual(expect.arrayContaining([ids.general, ids.hidden]));
  });

  test.each([
    [403, 50_001, 'Missing Access'],
    [404, 10_004, 'Unknown Guild'],
  ])(
    'a guild that the bot is told %i of shows nothing; nobody is taken for no member',
    async (status, code, message) => {
      const stage = await openSightStage(smallWorld());
      const before = await stage.look(ids.member);
      expect(await stage.sights.mayManage(viewer(ids.manager), ids.guild)).toBe('yes');
      const body = JSON.stringify({ code, message });
      await stage.sandbox.control('fail', { route: '/members/', count: 1_000, status, body });
      await stage.pass(SIX_MINUTES);
      expect(await stage.look(ids.member)).toEqual([]);
      expect(await stage.sights.mayManage(viewer(ids.manager), ids.guild)).toBe('no');
      await stage.sandbox.control('clear-faults');
      await waitFor(async () => (await stage.look(ids.member)).length > 0);
      expect(await stage.look(ids.member)).toEqual(before);
      expect(await stage.sights.mayManage(viewer(ids.manager), ids.guild)).toBe('yes');
    },
  );

  test('about such a guild Discord is not asked with every request, as it counts what it refuses', async () => {
    let nowMs = 0;
    const stage = await openSightStage(smallWorld());
    const process = await stage.openAnother({ ...systemClock, monotonic: () => nowMs });
    const body = JSON.stringify({ code: 50_001, message: 'Missing Access' });
    await stage.sandbox.control('fail', { route: '/members/', count: 1_000, status: 403, body });
    await stage.pass(SIX_MINUTES);
    const before = await membersAsked(stage);
    const lookAround = async () => {
      for (const userId of [ids.member, ids.manager, ids.member]) {
        expect(await stage.look(userId, process)).toEqual([]);
      }
      return (await membersAsked(stage)) - before;
    };
    expect(await lookAround()).toBe(1);
    nowMs += 10_000;
    expect(await lookAround()).toBe(2);
  });

  test('what is older than its time shows nothing', async () => {
    const stage = await openSightStage(smallWorld());
    expect(await stage.look(ids.member)).toContain(ids.general);
    await stage.pass(SIX_MINUTES);
    expect(await readSeen(stage.db, eyes)).toEqual([]);
  });

  test('a guild that the bot has left shows nothing', async () => {
    const stage = await openSightStage(smallWorld());
    expect(await stage.look(ids.member)).toContain(ids.general);
    await markGuildDeparted(stage.db, ids.guild);
    expect(await readSeen(stage.db, eyes)).toEqual([]);
    expect(await canSeeGuild(stage.db, eyes, ids.guild)).toBe(false);
    expect(await stage.look(ids.member)).toEqual([]);
  });

  test('somebody who has never been here sees nothing', async () => {
    const stage = await openSightStage(smallWorld());
    expect(await stage.look('700000000000000099')).toEqual([]);
  });

  test('a change between the reading and the storing keeps the old from being stored', async () => {
    const stage = await openSightStage(smallWorld());
    await stage.look(ids.member);
    const [source] = await readSightSources(stage.db, ids.member, [ids.guild]);
    await openHidden(stage);
    const { version, guildId } = source ?? { version: '', guildId: '' };
    const old = { guildId, version, channelIds: [ids.general], canManage: true };
    const rest = { areRolesOld: false, isUnfinished: false, until: null };
    expect(await storeViewerChannels(stage.db, ids.member, [{ ...old, ...rest }])).toEqual([]);
    expect(await readSeen(stage.db, eyes)).toEqual([]);
  });

  test('an answer of Discord does not undo what it told by itself after the question', async () => {
    const stage = await openSightStage(smallWorld());
    await stage.look(ids.member);
    const { askedAt } = await readSightState(stage.db, ids.member);
    const told = { guildId: ids.guild, timedOutUntil: null };
    await stage.db.transaction((tx) => noteMember(tx, ids.member, { ...told, roleIds: [ids.managerRole] }));
    await storeMembers(stage.db, ids.member, [{ ...told, roleIds: [], askedAt }]);
    const [source] = await readSightSources(stage.db, ids.member, [ids.guild]);
    expect(source?.member.roleIds).toEqual([ids.managerRole]);
  });
});

describe('while Discord does not answer', () => {
  const failing = { route: '/members/', count: 1_000, status: 500 };

  test('viewers see on for an hour, and what changes is seen by what was told before', async () => {
    const stage = await openSightStage(smallWorld());
    const before = await stage.look(ids.member);
    await stage.sandbox.control('fail', failing);
    await stage.pass(SIX_MINUTES);
    expect(await stage.look(ids.member)).toEqual(before);
    await openHidden(stage);
    expect(await stage.look(ids.member)).toEqual([...before, ids.hidden, ids.hiddenThread].sort());
    await stage.pass(HOUR - 2 * SIX_MINUTES);
    expect(await stage.look(ids.member)).toContain(ids.hidden);
    await stage.pass(SIX_MINUTES);
    expect(await stage.look(ids.member)).toEqual([]);
    await stage.sandbox.control('clear-faults');
    await waitFor(async () => (await stage.look(ids.member)).includes(ids.hidden));
  });

  test('the list of guilds that was told last counts, and is asked for again', async () => {
    const stage = await openSightStage(smallWorld());
    const before = await stage.look(ids.member);
    const asked = async () => (await stage.sandbox.requests())['GET /users/@me/guilds'] ?? 0;
    await stage.sandbox.control('fail', { route: '/users/@me/guilds', count: 1_000, status: 500 });
    await stage.pass(SIX_MINUTES);
    const askedBefore = await asked();
    expect(await stage.look(ids.member)).toEqual(before);
    expect(await asked()).toBeGreaterThan(askedBefore);
    await stage.sandbox.control('remove-member', { guild_id: ids.guild, user_id: ids.member });
    await stage.pass(SIX_MINUTES);
    expect(await stage.look(ids.member)).toEqual([]);
    await stage.sandbox.control('clear-faults');
    await stage.sandbox.control('add-member', { guild_id: ids.guild, user_id: ids.member });
    await waitFor(async () => (await stage.look(ids.member)).length > 0);
  });

  test('it is not asked with every request', async () => {
    const stage = await openSightStage(smallWorld());
    await stage.look(ids.member);
    await stage.sandbox.control('fail', failing);
    await stage.pass(SIX_MINUTES);
    await stage.look(ids.member);
    const before = await membersAsked(stage);
    await Promise.all([1, 2, 3, 4].map(() => stage.look(ids.manager)));
    expect((await membersAsked(stage)) - before).toBeLessThan(4);
  });

  test('nobody is told that they manage, nor that they do not', async () => {
    const stage = await openSightStage(smallWorld());
    expect(await stage.sights.mayManage(viewer(ids.manager), ids.guild)).toBe('yes');
    await stage.sandbox.control('fail', failing);
    expect(await stage.sights.mayManage(viewer(ids.manager), ids.guild)).toBe('yes');
    await stage.pass(61);
    expect(await stage.sights.mayManage(viewer(ids.manager), ids.guild)).toBe('unknown');
    expect(await stage.sights.mayManage(viewer(ids.member), ids.guild)).toBe('unknown');
    expect(await stage.sights.mayManage(viewer(ids.outsider, true), ids.guild)).toBe('yes');
    await stage.sandbox.control('clear-faults');
    await waitFor(async () => (await stage.sights.mayManage(viewer(ids.manager), ids.guild)) === 'yes');
  });

  test('a 404 that is none of Discord takes nobody out of a guild', async () => {
    const stage = await openSightStage(smallWorld());
    const before = await stage.look(ids.member);
    await stage.sandbox.control('fail', { ...failing, status: 404, body: '<html>not here</html>' });
    await stage.pass(SIX_MINUTES);
    expect(await stage.look(ids.member)).toEqual(before);
  });
});

describe('private threads', () => {
  const ASK = 'GET /channels/:channel/thread-members/:user';
  const QUARTER_HOUR = 900;

  /** Thirty private threads, the member in each of them. */
  async function addThreads(stage: SightStage): Promise<string[]> {
    const { control } = stage.sandbox;
    const threadIds: string[] = [];
    for (let nth = 1; nth <= 30; nth += 1) {
      const thread = { channel_id: ids.general, name: `thread ${nth}`, owner_id: ids.manager, private: true };
      threadIds.push(String((await control('create-thread', thread)).channel_id));
      await control('join-thread', { channel_id: threadIds.at(-1), user_id: ids.member });
    }
    await stage.settle();
    return threadIds;
  }

  const seenAmong = async (stage: SightStage, threadIds: readonly string[]) =>
    (await stage.look(ids.member)).filter((id) => threadIds.includes(id));

  test('are asked about 25 at a time, the newest first, and within seconds the rest', async () => {
    const stage = await openSightStage(worldWithThreads());
    const threadIds = await addThreads(stage);
    const asked = async () => (await stage.sandbox.requests())[ASK] ?? 0;
    const seenThreads = () => seenAmong(stage, threadIds);
    const before = await asked();
    expect(await seenThreads()).toEqual(threadIds.slice(-25));
    expect((await asked()) - before).toBe(25);
    expect(await seenThreads()).toHaveLength(25);
    expect((await asked()) - before).toBe(25);
    await stage.pass(20);
    expect(await seenThreads()).toEqual(threadIds);
    expect((await asked()) - before).toBeLessThan(40);
  });

  test('that were never asked about come before those that are asked about again', async () => {
    const stage = await openSightStage(worldWithThreads());
    const threadIds = await addThreads(stage);
    expect(await seenAmong(stage, threadIds)).toEqual(threadIds.slice(-25));
    await stage.pass(QUARTER_HOUR + 60);
    expect(await seenAmong(stage, threadIds)).toEqual(threadIds);
  });

  test('are seen on for an hour while Discord does not answer', async () => {
    const stage = await openSightStage(worldWithThreads());
    const { control } = stage.sandbox;
    await control('join-thread', { channel_id: ids.privateThread, user_id: ids.member });
    expect(await stage.look(ids.member)).toContain(ids.privateThread);
    await control('fail', { count: 1_000, status: 503 });
    await stage.pass(HOUR / 2);
    expect(await stage.look(ids.member)).toContain(ids.privateThread);
    await stage.pass(HOUR / 2);
    expect(await stage.look(ids.member)).toEqual([]);
  });
});

describe('managing', () => {
  test('needs Manage Guild, Administrator or ownership within the last minute', async () => {
    const stage = await openSightStage(smallWorld());
    const { sights, sandbox } = stage;
    const may = (userId: string, guildId: string = ids.guild) => sights.mayManage(viewer(userId), guildId);
    expect(await may(ids.owner)).toBe('yes');
    expect(await may(ids.manager)).toBe('yes');
    expect(await may(ids.member)).toBe('no');
    expect(await may(ids.outsider)).toBe('no');
    expect(await may(ids.owner, ids.otherGuild)).toBe('no');
    expect(await may(ids.owner, '799999999999999999')).toBe('no');
    const role = { guild_id: ids.guild, role_id: ids.managerRole };
    await sandbox.control('take-role', { ...role, user_id: ids.manager });
    await stage.pass(61);
    expect(await may(ids.manager)).toBe('no');
    await sandbox.control('give-role', { ...role, user_id: ids.member });
    await stage.pass(61);
    expect(await may(ids.member)).toBe('yes');
    await sandbox.control('time-out', { guild_id: ids.guild, user_id: ids.member, secs: 600 });
    await stage.pass(61);
    expect(await may(ids.member)).toBe('no');
    await sandbox.control('remove-member', { guild_id: ids.guild, user_id: ids.member });
    await stage.pass(61);
    expect(await may(ids.member)).toBe('no');
    expect(await readSeen(stage.db, eyes)).toEqual([]);
  });

  test('of operators reaches wherever the bot is, and no further', async () => {
    const stage = await openSightStage(smallWorld());
    const operator = viewer(ids.outsider, true);
    expect(await stage.sights.prepareSight(operator)).toBe('everything');
    expect(await stage.sights.mayManage(operator, ids.guild)).toBe('yes');
    expect(await stage.sights.mayManage(operator, ids.otherGuild)).toBe('no');
  });
});

test('the guilds of a viewer: those of the bot as it sees the viewer, others as Discord tells the viewer', async () => {
  const stage = await openSightStage(smallWorld());
  const list = async (userId: string, isOperator = false) =>
    (await stage.sights.listOwnGuilds(viewer(userId, isOperator))).map((guild) => [
      ...[guild.id, guild.isInstalled, guild.canManage],
    ]);
  expect(await list(ids.owner)).toEqual([
    [ids.otherGuild, false, false],
    [ids.guild, true, true],
  ]);
  expect(await list(ids.outsider)).toEqual([[ids.otherGuild, false, true]]);
  expect(await list(ids.member)).toEqual([[ids.guild, true, false]]);
  expect(await list(ids.member, true)).toEqual([[ids.guild, true, true]]);
  // The bot finds a kick out before the viewer's own list is read again.
  await stage.sandbox.control('remove-member', { guild_id: ids.guild, user_id: ids.member });
  await stage.pass(61);
  await stage.sights.mayManage(viewer(ids.member), ids.guild);
  expect(await list(ids.member)).toEqual([]);
});
