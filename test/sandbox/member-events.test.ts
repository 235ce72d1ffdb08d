import { PermissionFlagsBits as bits, GatewayIntentBits } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { connectGateway, identify } from './gateway-client.ts';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { ids } from './small-world.ts';

const guild = { guild_id: ids.guild };
const member = { ...guild, user_id: ids.member };

/** A session without the privileged intent, and one with it and that for bans. */
async function watchMembers() {
  const sandbox = await runSandbox();
  await sandbox.control('intents', { guild_members: true });
  const { client: plain } = await identify(sandbox, { intents: GatewayIntentBits.Guilds });
  const { client: nosy } = await identify(sandbox, {
    intents: GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildModeration,
  });
  await plain.event('GUILD_CREATE');
  return { sandbox, plain, nosy };
}

const statusOf = async (sandbox: TestSandbox, userId: string) =>
  (await sandbox.get(`/guilds/${ids.guild}/members/${userId}`)).status;

test('the application shows which privileged intents it has on, and the gateway refuses the others', async () => {
  const sandbox = await runSandbox();
  const flags = async () => (await sandbox.get('/applications/@me')).body.flags & (1 << 15);
  expect(await flags()).toBe(0);
  const refused = connectGateway(sandbox.url);
  await refused.op(10);
  refused.send(2, { token: sandbox.token, intents: GatewayIntentBits.GuildMembers, properties: {} });
  expect(await refused.closed()).toBe(4014);
  await sandbox.control('intents', { guild_members: true });
  expect(await flags()).toBe(1 << 15);
  const { ready } = await identify(sandbox, { intents: GatewayIntentBits.GuildMembers });
  expect(ready.application.flags & (1 << 15)).toBe(1 << 15);
});

test('members come, get and lose roles, and go, as those with the intent are told', async () => {
  const { sandbox, plain, nosy } = await watchMembers();
  await sandbox.control('add-member', { ...guild, user_id: ids.outsider, role_ids: [ids.managerRole] });
  expect((await nosy.event('GUILD_MEMBER_ADD')).d).toMatchObject({
    ...guild,
    user: { id: ids.outsider },
    roles: [ids.managerRole],
  });
  await sandbox.control('give-role', { ...member, role_id: ids.managerRole });
  expect((await nosy.event('GUILD_MEMBER_UPDATE')).d).toMatchObject({
    user: { id: ids.member },
    roles: [ids.managerRole],
  });
  await sandbox.control('take-role', { ...member, role_id: ids.managerRole });
  expect((await nosy.event('GUILD_MEMBER_UPDATE')).d.roles).toEqual([]);
  await sandbox.control('remove-member', member);
  expect((await nosy.event('GUILD_MEMBER_REMOVE')).d).toMatchObject({ ...guild, user: { id: ids.member } });
  expect(await statusOf(sandbox, ids.member)).toBe(404);
  await sandbox.control('update-role', { ...guild, role_id: ids.managerRole, permissions: '0' });
  expect((await plain.event('GUILD_ROLE_UPDATE')).d.role.permissions).toBe('0');
  expect(plain.untaken()).toEqual([]);
});

test('a time-out is told when it is set and when it is lifted', async () => {
  const { sandbox, nosy } = await watchMembers();
  await sandbox.control('time-out', { ...member, secs: 60 });
  const { d } = await nosy.event('GUILD_MEMBER_UPDATE');
  const leftMs = Date.parse(d.communication_disabled_until) - Date.now();
  expect(leftMs).toBeGreaterThan(50_000);
  expect(leftMs).toBeLessThanOrEqual(60_000);
  const { body } = await sandbox.get(`/guilds/${ids.guild}/members/${ids.member}`);
  expect(body.communication_disabled_until).toBe(d.communication_disabled_until);
  await sandbox.control('time-out', member);
  expect((await nosy.event('GUILD_MEMBER_UPDATE')).d.communication_disabled_until).toBeNull();
});

test('who is banned is gone until the ban is lifted; only bots that may see bans are told of them', async () => {
  const { sandbox, nosy } = await watchMembers();
  await sandbox.control('ban-user', { ...guild, user_id: ids.manager });
  expect((await nosy.event('GUILD_MEMBER_REMOVE')).d.user.id).toBe(ids.manager);
  const permissions = String(bits.ViewChannel | bits.BanMembers);
  await sandbox.control('update-role', { ...guild, role_id: ids.botRole, permissions });
  await sandbox.control('ban-user', member);
  expect((await nosy.event('GUILD_BAN_ADD')).d).toMatchObject({ ...guild, user: { id: ids.member } });
  expect((await nosy.event('GUILD_MEMBER_REMOVE')).d.user.id).toBe(ids.member);
  expect(await statusOf(sandbox, ids.member)).toBe(404);
  expect(await sandbox.control('add-member', member)).toMatchObject({
    status: 400,
    body: { field: 'user_id' },
  });
  await sandbox.control('lift-ban', member);
  expect((await nosy.event('GUILD_BAN_REMOVE')).d.user.id).toBe(ids.member);
  expect((await sandbox.control('add-member', member)).status).toBe(200);
  expect(nosy.untaken()).not.toContain('GUILD_BAN_ADD');
});

test('an owner stays until the guild has another', async () => {
  const { sandbox, plain } = await watchMembers();
  const owner = { ...guild, user_id: ids.owner };
  for (const control of ['remove-member', 'ban-user']) {
    expect(await sandbox.control(control, owner)).toMatchObject({ status: 400, body: { field: 'user_id' } });
  }
  expect((await sandbox.control('update-guild', { ...guild, owner_id: ids.outsider })).status).toBe(400);
  await sandbox.control('update-guild', { ...guild, owner_id: ids.member });
  expect((await plain.event('GUILD_UPDATE')).d.owner_id).toBe(ids.member);
  expect((await sandbox.control('remove-member', owner)).status).toBe(200);
});

test('a new name is told in each guild of whoever has it', async () => {
  const { sandbox, plain, nosy } = await watchMembers();
  await sandbox.control('update-user', { user_id: ids.member, global_name: '<b>M</b>' });
  expect((await nosy.event('GUILD_MEMBER_UPDATE')).d.user.global_name).toBe('<b>M</b>');
  await sandbox.control('update-user', { user_id: ids.bot, username: 'helper2' });
  expect((await plain.event('GUILD_MEMBER_UPDATE')).d.user.username).toBe('helper2');
});

test('a channel moves into a category and out of it, with its overwrites if asked to', async () => {
  const { sandbox, plain } = await watchMembers();
  const denied = { id: ids.guild, allow: '0', deny: String(bits.ViewChannel) };
  const move = (fields: object) => sandbox.control('move-channel', { channel_id: ids.hidden, ...fields });
  await move({ parent_id: ids.category });
  expect((await plain.event('CHANNEL_UPDATE')).d).toMatchObject({
    parent_id: ids.category,
    permission_overwrites: [denied],
  });
  await move({ parent_id: ids.category, sync: true });
  expect((await plain.event('CHANNEL_UPDATE')).d.permission_overwrites).toEqual([]);
  await move({ parent_id: null });
  expect((await plain.event('CHANNEL_UPDATE')).d.parent_id).toBeNull();
  for (const parent_id of [ids.general, ids.otherChannel, '1']) {
    expect(await move({ parent_id })).toMatchObject({ status: 400, body: { field: 'parent_id' } });
  }
});

test('channels with the overwrites of their category follow it, others do not', async () => {
  const { sandbox, plain } = await watchMembers();
  await sandbox.control('move-channel', { channel_id: ids.hidden, parent_id: ids.category });
  await plain.event('CHANNEL_UPDATE');
  const overwrite = {
    channel_id: ids.category,
    id: ids.member,
    type: 'member',
    deny: String(bits.ViewChannel),
  };
  await sandbox.control('overwrite', overwrite);
  const changed = [(await plain.event('CHANNEL_UPDATE')).d, (await plain.event('CHANNEL_UPDATE')).d];
  expect(changed.map(({ id }) => id)).toEqual([ids.category, ids.general]);
  for (const { permission_overwrites: overwrites } of changed) {
    expect(overwrites).toEqual([{ id: ids.member, type: 1, allow: '0', deny: String(bits.ViewChannel) }]);
  }
  await sandbox.control('overwrite', { ...overwrite, channel_id: ids.general, deny: '0' });
  expect((await plain.event('CHANNEL_UPDATE')).d.permission_overwrites).toEqual([]);
  await sandbox.control('overwrite', { ...overwrite, deny: '0' });
  expect((await plain.event('CHANNEL_UPDATE')).d.id).toBe(ids.category);
  expect(plain.untaken()).toEqual([]);
});

test('a bot that is added again gets the permissions of the last time, and none if it was given none', async () => {
  const { sandbox, plain } = await watchMembers();
  const other = { guild_id: ids.otherGuild };
  await sandbox.control('add-bot', { ...other, permissions: '0' });
  const { d: joined } = await plain.event('GUILD_CREATE');
  expect(joined).toMatchObject({ id: ids.otherGuild, members: [{ roles: [] }] });
  expect(joined.roles).toHaveLength(1);
  await sandbox.control('add-bot', { ...other, permissions: '1024' });
  const { d: created } = await plain.event('GUILD_ROLE_CREATE');
  expect(created.role).toMatchObject({ managed: true, permissions: '1024', tags: { bot_id: ids.bot } });
  expect((await plain.event('GUILD_MEMBER_UPDATE')).d.roles).toEqual([created.role.id]);
  await sandbox.control('add-bot', { ...other, permissions: '66560' });
  expect((await plain.event('GUILD_ROLE_UPDATE')).d.role).toMatchObject({
    id: created.role.id,
    permissions: '66560',
  });
  await sandbox.control('kick-bot', other);
  expect((await plain.event('GUILD_DELETE')).d).toEqual({ id: ids.otherGuild });
  expect(plain.untaken()).toEqual([]);
});
