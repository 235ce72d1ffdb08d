import { expect, test } from 'vitest';
import { identify } from './gateway-client.ts';
import { askToken, authorizeUrl, decide, exchange, type Params } from './oauth-client.ts';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { ids } from './small-world.ts';

const install = { scope: 'bot applications.commands identify guilds', permissions: '66560' };
const toOther = { ...install, guild_id: ids.otherGuild, disable_guild_select: 'true', integration_type: '0' };
const approve = { user_id: ids.outsider, decision: 'approve' };

/** What the bot's own role may do; undefined where it has none, or is not there. */
async function ownPermissions(
  sandbox: TestSandbox,
  guildId: string = ids.otherGuild,
): Promise<string | undefined> {
  const { body: roles } = await sandbox.get(`/guilds/${guildId}/roles`);
  return Array.isArray(roles) ? roles.find((role) => role.tags?.bot_id === ids.bot)?.permissions : undefined;
}

async function isThere(sandbox: TestSandbox, guildId: string = ids.otherGuild): Promise<boolean> {
  return (await sandbox.get(`/guilds/${guildId}`)).status === 200;
}

const pageText = async (sandbox: TestSandbox, params: Params) =>
  (await fetch(authorizeUrl(sandbox, params))).text();

test('adds the bot for good, as the gateway tells, and the token answer says where', async () => {
  const sandbox = await runSandbox();
  const { client } = await identify(sandbox);
  const { query, status } = await decide(sandbox, approve, toOther);
  expect(status).toBe(302);
  expect(Object.fromEntries(query)).toEqual({
    code: expect.stringMatching(/./),
    guild_id: ids.otherGuild,
    permissions: '66560',
    state: 'the state',
  });
  const { d } = await client.next(({ t, d: guild }) => t === 'GUILD_CREATE' && guild.id === ids.otherGuild);
  expect(d.members).toMatchObject([{ user: { id: ids.bot } }]);
  const { body } = await askToken(sandbox, exchange(query.get('code') ?? ''));
  expect(body).toMatchObject({
    scope: install.scope,
    guild: { id: ids.otherGuild, name: 'Harbour', owner_id: ids.outsider, roles: [{}, {}] },
  });
  expect(await ownPermissions(sandbox)).toBe('66560');
});

test('the guild of the form counts, unless the client fixed another', async () => {
  for (const [params, expected] of [
    [install, ids.otherGuild],
    [{ ...install, guild_id: ids.guild }, ids.otherGuild],
    [{ ...install, guild_id: ids.guild, disable_guild_select: 'false' }, ids.otherGuild],
    [toOther, ids.otherGuild],
  ] as const) {
    const sandbox = await runSandbox();
    const fields = { ...approve, guild_id: params === toOther ? ids.guild : ids.otherGuild };
    expect((await decide(sandbox, fields, params)).query.get('guild_id')).toBe(expected);
  }
  const sandbox = await runSandbox();
  expect((await decide(sandbox, approve, { ...install, guild_id: ids.otherGuild })).status).toBe(302);
  expect((await decide(sandbox, approve, install)).status).toBe(403);
});

test.each<[string, Params, string | undefined, string]>([
  ['all that is asked for', {}, '66560', '66560'],
  ['a part of it', { permissions: '1024' }, '1024', '1024'],
  ['no more than it', { permissions: '9223372036854775807' }, '66560', '66560'],
  ['nothing', { permissions: '0' }, undefined, '0'],
  ['the boxes that are ticked', { permission_boxes: 'shown', permission_ViewChannel: 'on' }, '1024', '1024'],
  ['no box', { permission_boxes: 'shown' }, undefined, '0'],
])('the bot gets %s', async (_, fields, granted, told) => {
  const sandbox = await runSandbox();
  const { query } = await decide(sandbox, { ...approve, ...fields }, toOther);
  expect(query.get('permissions')).toBe(told);
  expect(await isThere(sandbox)).toBe(true);
  expect(await ownPermissions(sandbox)).toBe(granted);
});

test('where the bot is already it gets other permissions, and is not told of the guild again', async () => {
  const sandbox = await runSandbox();
  const { client } = await identify(sandbox);
  await client.event('GUILD_CREATE');
  await decide(sandbox, approve, { ...toOther, permissions: '0' });
  await client.event('GUILD_CREATE');
  const { query } = await decide(sandbox, approve, toOther);
  expect((await client.event('GUILD_ROLE_CREATE')).d.role.permissions).toBe('66560');
  expect((await askToken(sandbox, exchange(query.get('code') ?? ''))).body.guild.id).toBe(ids.otherGuild);
  expect(client.untaken()).not.toContain('GUILD_CREATE');
});

test('a denied one adds nothing, and says so with the state', async () => {
  const sandbox = await runSandbox();
  const { query } = await decide(sandbox, { ...approve, decision: 'deny' }, toOther);
  expect(Object.fromEntries(query)).toMatchObject({ error: 'access_denied', state: 'the state' });
  expect(query.has('code')).toBe(false);
  expect(await isThere(sandbox)).toBe(false);
});

test.each([ids.member, ids.owner])('%s may not manage that guild: refused', async (userId) => {
  const sandbox = await runSandbox();
  const reply = await decide(sandbox, { ...approve, user_id: userId }, toOther);
  expect(reply).toMatchObject({ status: 403, location: null });
  expect(await isThere(sandbox)).toBe(false);
});

test('neither a time-out nor an outage nor nonsense adds the bot', async () => {
  const sandbox = await runSandbox();
  const manager = { ...approve, user_id: ids.manager, guild_id: ids.guild };
  expect((await decide(sandbox, manager, install)).status).toBe(302);
  await sandbox.control('time-out', { guild_id: ids.guild, user_id: ids.manager, secs: 60 });
  expect((await decide(sandbox, manager, install)).status).toBe(403);
  expect((await decide(sandbox, { ...approve, permissions: 'all' }, toOther)).status).toBe(400);
  expect((await decide(sandbox, approve, { ...toOther, guild_id: '1' })).status).toBe(403);
  await sandbox.control('guild-outage', { guild_id: ids.otherGuild, unavailable: true });
  expect((await decide(sandbox, approve, toOther)).status).toBe(503);
  await sandbox.control('guild-outage', { guild_id: ids.otherGuild, unavailable: false });
  expect(await isThere(sandbox)).toBe(false);
});

test('a plain invite link adds the bot, and ends there', async () => {
  const sandbox = await runSandbox();
  const link = async (params: Params, fields: Params) => {
    const query = new URLSearchParams({ client_id: ids.application, ...params });
    const body = new URLSearchParams({ ...approve, guild_id: ids.otherGuild, ...fields });
    const response = await fetch(`${sandbox.authorizeUrl}?${query}`, {
      method: 'POST',
      body,
      redirect: 'manual',
    });
    return { status: response.status, text: await response.text() };
  };
  const denied = await link({}, { decision: 'deny' });
  expect(denied.status).toBe(200);
  expect(await isThere(sandbox)).toBe(false);
  const bare = await link({}, {});
  expect(bare.status).toBe(200);
  expect(bare.text).toContain('Harbour');
  expect(await ownPermissions(sandbox)).toBe('1133568');
  await link({ scope: 'bot', permissions: '1024' }, {});
  expect(await ownPermissions(sandbox)).toBe('1024');
  expect((await link({ scope: 'identify' }, {})).status).toBe(400);
});

test('the page asks who one is first, and then shows the guilds that they manage', async () => {
  const sandbox = await runSandbox();
  const first = await pageText(sandbox, install);
  expect(first).toContain(`name="as" value="${ids.outsider}"`);
  expect(first).toContain('name="state" value="the state"');
  expect(first).not.toContain('value="approve"');
  const own = await pageText(sandbox, { ...install, as: ids.outsider });
  expect(own).toMatch(new RegExp(`name="guild_id" value="${ids.otherGuild}"[^>]* checked`));
  expect(own).not.toContain(ids.guild);
  const owner = await pageText(sandbox, { ...install, as: ids.owner });
  expect(owner).toMatch(new RegExp(`value="${ids.guild}"[^>]* checked`));
  expect(owner).toMatch(new RegExp(`value="${ids.otherGuild}"[^>]* disabled`));
  expect(owner).toContain('You lack the permission Manage Server there.');
});

test('the page says why there is nothing to choose', async () => {
  const sandbox = await runSandbox();
  for (const [as, reason] of [
    [ids.member, 'You are not a member there.'],
    [ids.owner, 'You lack the permission Manage Server there.'],
  ] as const) {
    const text = await pageText(sandbox, { ...toOther, as });
    expect(text).toContain(reason);
    expect(text).not.toContain('value="approve"');
    expect(text).toContain('value="deny"');
  }
  const fixed = await pageText(sandbox, { ...toOther, as: ids.outsider });
  expect(fixed).toContain('value="approve"');
  expect(fixed.match(/name="guild_id"/g)).toHaveLength(1);
});
