import { PermissionFlagsBits as bits, GatewayIntentBits } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { identify, usualIntents } from './gateway-client.ts';
import { runSandbox } from './running-sandbox.ts';
import { ids, messageId } from './small-world.ts';

async function watch(intents = usualIntents) {
  const sandbox = await runSandbox();
  const { client } = await identify(sandbox, { intents });
  await client.event('GUILD_CREATE');
  return { sandbox, client };
}

test('messages are posted, edited, deleted, and deleted in bulk', async () => {
  const { sandbox, client } = await watch();
  const file = { clip: 'test-card.mp4', filename: 'ära "1".mp4', spoiler: true };
  const { body } = await sandbox.control('post', {
    channel_id: ids.general,
    author_id: ids.member,
    files: [file],
  });
  const { d: posted } = await client.event('MESSAGE_CREATE');
  expect(posted).toMatchObject({ id: body.message_id, attachments: [{ filename: 'ära "1".mp4', flags: 8 }] });
  expect(posted.attachments[0]).not.toHaveProperty('clip');
  expect((await fetch(posted.attachments[0].url)).status).toBe(200);

  const place = { channel_id: ids.general, message_id: posted.id };
  await sandbox.control('edit', { ...place, content: 'better', files: [] });
  const { d: edited } = await client.event('MESSAGE_UPDATE');
  expect(edited).toMatchObject({ id: posted.id, content: 'better', attachments: [] });
  expect(edited.edited_timestamp).not.toBeNull();

  await sandbox.control('delete', place);
  expect((await client.event('MESSAGE_DELETE')).d).toEqual({
    id: posted.id,
    channel_id: ids.general,
    guild_id: ids.guild,
  });
  const doomed = [messageId(3), messageId(4), '1'];
  await sandbox.control('bulk-delete', { channel_id: ids.general, message_ids: doomed });
  expect((await client.event('MESSAGE_DELETE_BULK')).d.ids).toEqual(doomed.slice(0, 2));
  expect((await sandbox.get(`/channels/${ids.general}/messages/${messageId(3)}`)).body.code).toBe(10008);
});

test('what happens where the bot may not look does not reach it', async () => {
  const { sandbox, client } = await watch();
  await sandbox.control('post', { channel_id: ids.hidden, author_id: ids.member, content: 'secret' });
  await sandbox.control('post', { channel_id: ids.privateThread, author_id: ids.member, content: 'secret' });
  await sandbox.control('post', { channel_id: ids.otherChannel, author_id: ids.outsider, content: 'secret' });
  await sandbox.control('post', { channel_id: ids.general, author_id: ids.member, content: 'open' });
  expect((await client.event('MESSAGE_CREATE')).d.content).toBe('open');
  expect(client.untaken()).toEqual([]);
});

test('channels and threads come, change and go', async () => {
  const { sandbox, client } = await watch();
  const { body } = await sandbox.control('create-channel', {
    guild_id: ids.guild,
    name: 'new',
    type: 'forum',
  });
  expect((await client.event('CHANNEL_CREATE')).d).toMatchObject({
    id: body.channel_id,
    type: 15,
    nsfw: false,
  });
  await sandbox.control('update-channel', { channel_id: body.channel_id, nsfw: true });
  expect((await client.event('CHANNEL_UPDATE')).d.nsfw).toBe(true);

  const thread = { channel_id: body.channel_id, name: 'topic', owner_id: ids.member };
  const { channel_id: threadId } = (await sandbox.control('create-thread', thread)).body;
  expect((await client.event('THREAD_CREATE')).d).toMatchObject({ id: threadId, newly_created: true });
  await sandbox.control('update-thread', { channel_id: threadId, archived: true });
  expect((await client.event('THREAD_UPDATE')).d.thread_metadata.archived).toBe(true);
  await sandbox.control('post', { channel_id: threadId, author_id: ids.member, content: 'awake' });
  expect((await client.event('THREAD_UPDATE')).d.thread_metadata.archived).toBe(false);
  await client.event('MESSAGE_CREATE');

  await sandbox.control('delete-channel', { channel_id: threadId });
  expect((await client.event('THREAD_DELETE')).d).toMatchObject({ id: threadId, parent_id: body.channel_id });
  await sandbox.control('delete-channel', { channel_id: ids.category });
  expect((await client.event('CHANNEL_DELETE')).d.id).toBe(ids.category);
  expect((await client.event('CHANNEL_UPDATE')).d).toMatchObject({ id: ids.general, parent_id: null });
});

test('a channel that the bot is let into brings its active threads', async () => {
  const { sandbox, client } = await watch();
  await sandbox.control('overwrite', {
    channel_id: ids.hidden,
    id: ids.botRole,
    type: 'role',
    allow: String(bits.ViewChannel),
  });
  await client.event('CHANNEL_UPDATE');
  const { d: sync } = await client.event('THREAD_LIST_SYNC');
  expect(sync).toMatchObject({ channel_ids: [ids.hidden], threads: [{ id: ids.hiddenThread }] });
});

test('a private thread that the bot is added to is news to it', async () => {
  const { sandbox, client } = await watch();
  await sandbox.control('join-thread', { channel_id: ids.privateThread, user_id: ids.bot });
  expect((await client.event('THREAD_CREATE')).d).toMatchObject({ id: ids.privateThread, member: {} });
  expect((await client.event('THREAD_MEMBERS_UPDATE')).d.added_members[0].user_id).toBe(ids.bot);
  await sandbox.control('leave-thread', { channel_id: ids.privateThread, user_id: ids.bot });
  expect((await client.event('THREAD_MEMBERS_UPDATE')).d).toEqual({
    id: ids.privateThread,
    guild_id: ids.guild,
    member_count: 0,
    removed_member_ids: [ids.bot],
  });
  expect((await sandbox.get(`/channels/${ids.privateThread}`)).status).toBe(403);
});

test('who else comes into a thread and leaves it is told to those with the privileged intent', async () => {
  const { sandbox, client } = await watch();
  await sandbox.control('intents', { guild_members: true });
  const { client: nosy } = await identify(sandbox, { intents: GatewayIntentBits.GuildMembers });
  const unseen = { channel_id: ids.privateThread, user_id: ids.member };
  const seen = { channel_id: ids.forumThread, user_id: ids.member };
  for (const place of [unseen, seen, seen]) await sandbox.control('join-thread', place);
  expect((await nosy.event('THREAD_MEMBERS_UPDATE')).d).toMatchObject({
    id: ids.forumThread,
    member_count: 1,
    added_members: [{ user_id: ids.member, member: { user: { id: ids.member } }, presence: null }],
  });
  await sandbox.control('leave-thread', seen);
  expect((await nosy.event('THREAD_MEMBERS_UPDATE')).d.removed_member_ids).toEqual([ids.member]);
  await sandbox.control('intents', { guild_members: false });
  await sandbox.control('join-thread', seen);
  await sandbox.control('post', { channel_id: ids.general, author_id: ids.member, content: 'after it' });
  await client.event('MESSAGE_CREATE');
  expect([...client.untaken(), ...nosy.untaken()]).not.toContain('THREAD_MEMBERS_UPDATE');
});

test('roles and members: those of others only with their privileged intent', async () => {
  const { sandbox, client } = await watch();
  const guild = { guild_id: ids.guild };
  const { role_id: roleId } = (await sandbox.control('create-role', { ...guild, name: 'VIP' })).body;
  expect((await client.event('GUILD_ROLE_CREATE')).d.role.id).toBe(roleId);
  await sandbox.control('member-roles', { ...guild, user_id: ids.member, role_ids: [roleId] });
  await sandbox.control('member-roles', { ...guild, user_id: ids.bot, role_ids: [ids.botRole, roleId] });
  expect((await client.event('GUILD_MEMBER_UPDATE')).d.user.id).toBe(ids.bot);
  await sandbox.control('delete-role', { ...guild, role_id: roleId });
  expect((await client.event('GUILD_ROLE_DELETE')).d).toEqual({ guild_id: ids.guild, role_id: roleId });

  await sandbox.control('intents', { guild_members: true });
  const { client: nosy } = await identify(sandbox, {
    intents: usualIntents | GatewayIntentBits.GuildMembers,
  });
  await sandbox.control('remove-member', { ...guild, user_id: ids.member });
  expect((await nosy.event('GUILD_MEMBER_REMOVE')).d.user.id).toBe(ids.member);
  expect(client.untaken()).not.toContain('GUILD_MEMBER_REMOVE');
});

test('an outage is told apart from a removal', async () => {
  const { sandbox, client } = await watch();
  const guild = { guild_id: ids.guild };
  await sandbox.control('guild-outage', { ...guild, unavailable: true });
  expect((await client.event('GUILD_DELETE')).d).toEqual({ id: ids.guild, unavailable: true });
  expect((await sandbox.get(`/guilds/${ids.guild}`)).status).toBe(503);
  await sandbox.control('guild-outage', { ...guild, unavailable: false });
  await client.event('GUILD_CREATE');

  await sandbox.control('kick-bot', guild);
  expect((await client.event('GUILD_DELETE')).d).toEqual({ id: ids.guild });
  expect((await sandbox.get(`/guilds/${ids.guild}`)).body.code).toBe(10004);
  expect((await sandbox.get(`/channels/${ids.general}`)).body.code).toBe(50001);
  await sandbox.control('add-bot', guild);
  expect((await client.event('GUILD_CREATE')).d).toMatchObject({ id: ids.guild, unavailable: false });
});
