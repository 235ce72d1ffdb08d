import { PermissionFlagsBits as bits } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { runSandbox, USER_AGENT } from './running-sandbox.ts';
import { ids } from './small-world.ts';

test('without the token nothing is told', async () => {
  const sandbox = await runSandbox();
  const paths = ['/users/@me', `/guilds/${ids.guild}`, `/channels/${ids.general}/messages`];
  for (const authorization of ['', 'Bot wrong', sandbox.token, `Bearer ${sandbox.token}`]) {
    for (const path of paths) {
      const reply = await sandbox.get(path, { authorization });
      expect(reply).toMatchObject({ status: 401, body: { message: '401: Unauthorized', code: 0 } });
    }
  }
});

test.each(['node', 'Mozilla/5.0', '', 'DiscordBot', 'DiscordBot (https://a.example)'])(
  'the user agent "%s" is turned away',
  async (userAgent) => {
    const reply = await (await runSandbox()).get('/users/@me', { 'user-agent': userAgent });
    expect(reply).toMatchObject({ status: 403, body: { code: 40333 } });
  },
);

test('versions 9 and 10 and none are answered alike, others and unknown paths not at all', async () => {
  const { apiUrl, token, url } = await runSandbox();
  const headers = { 'user-agent': USER_AGENT, authorization: `Bot ${token}` };
  const status = async (path: string, method = 'GET') => (await fetch(path, { method, headers })).status;
  for (const version of ['/v10', '/v9', '']) {
    expect(await status(`${apiUrl}${version}/users/%40me`)).toBe(200);
  }
  expect(await status(`${apiUrl}/v6/users/@me`)).toBe(404);
  expect(await status(`${apiUrl}/v10/nothing`)).toBe(404);
  expect(await status(`${apiUrl}/v10/users/%ff`)).toBe(404);
  expect(await status(`${url}/`)).toBe(404);
  expect(await status(`${apiUrl}/v10/users/@me`, 'DELETE')).toBe(405);
});

test('answers are compressed for those who ask', async () => {
  const sandbox = await runSandbox();
  const path = `/channels/${ids.general}/messages`;
  const packed = await sandbox.get(path, { 'accept-encoding': 'gzip' });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  const plain = await sandbox.get(path, { 'accept-encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(packed.body.length).toBe(plain.body.length);
});

test('channels are listed even where the bot may not look; threads only where it may', async () => {
  const sandbox = await runSandbox();
  const { body: channels } = await sandbox.get(`/guilds/${ids.guild}/channels`);
  expect(channels.map((channel: { id: string }) => channel.id)).toContain(ids.hidden);
  const { body: active } = await sandbox.get(`/guilds/${ids.guild}/threads/active`);
  expect(active.threads.map((thread: { id: string }) => thread.id)).toEqual([ids.forumThread]);
  await sandbox.control('overwrite', {
    channel_id: ids.hidden,
    id: ids.bot,
    type: 'member',
    allow: String(bits.ViewChannel),
  });
  const { body: more } = await sandbox.get(`/guilds/${ids.guild}/threads/active`);
  expect(more.threads).toHaveLength(2);
});

test('archived threads are paged by the time of their archiving, newest first', async () => {
  const sandbox = await runSandbox();
  const path = `/channels/${ids.general}/threads/archived/public`;
  const { body } = await sandbox.get(`${path}?limit=2`);
  expect(body.threads.map((thread: { id: string }) => thread.id)).toEqual([
    ids.archivedThread,
    ids.olderArchivedThread,
  ]);
  expect(body.has_more).toBe(false);
  const { body: older } = await sandbox.get(`${path}?before=2024-05-01T00:00:00.000Z`);
  expect(older.threads).toMatchObject([{ id: ids.olderArchivedThread }]);
  for (let n = 0; n < 3; n += 1) {
    const thread = { channel_id: ids.general, name: `t${n}`, owner_id: ids.member };
    const { channel_id: threadId } = (await sandbox.control('create-thread', thread)).body;
    await sandbox.control('update-thread', { channel_id: threadId, archived: true });
  }
  expect((await sandbox.get(`${path}?limit=2`)).body.has_more).toBe(true);
  expect((await sandbox.get(`${path}?before=yesterday`)).body.code).toBe(50035);
  expect((await sandbox.get(`${path}?limit=1`)).body.code).toBe(50035);
});

test('private archived threads need MANAGE_THREADS, or membership', async () => {
  const sandbox = await runSandbox();
  const all = `/channels/${ids.general}/threads/archived/private`;
  const joined = `/channels/${ids.general}/users/@me/threads/archived/private`;
  expect(await sandbox.get(all)).toMatchObject({ status: 403, body: { code: 50013 } });
  expect((await sandbox.get(joined)).body.threads).toEqual([]);
  await sandbox.control('join-thread', { channel_id: ids.archivedPrivateThread, user_id: ids.bot });
  expect((await sandbox.get(joined)).body).toMatchObject({
    threads: [{ id: ids.archivedPrivateThread }],
    members: [{ user_id: ids.bot }],
    has_more: false,
  });
  const permissions = String(bits.ViewChannel | bits.ManageThreads);
  await sandbox.control('update-role', { guild_id: ids.guild, role_id: ids.botRole, permissions });
  expect((await sandbox.get(all)).body.threads).toHaveLength(1);
});

test('members are listed only with the privileged intent, which is off at first', async () => {
  const sandbox = await runSandbox();
  const path = `/guilds/${ids.guild}/members`;
  expect(await sandbox.get(path)).toMatchObject({ status: 403, body: { code: 50001 } });
  await sandbox.control('intents', { guild_members: true });
  expect((await sandbox.get(path)).body).toHaveLength(1);
  const { body } = await sandbox.get(`${path}?limit=2&after=${ids.owner}`);
  expect(body.map((member: { user: { id: string } }) => member.user.id)).toEqual([ids.manager, ids.member]);
  await sandbox.control('intents', { guild_members: false });
  expect((await sandbox.get(path)).status).toBe(403);
});

const thread = `/channels/${ids.privateThread}`;

/** The bot, the member and the manager are in the private thread. */
async function withThreadMembers() {
  const sandbox = await runSandbox();
  for (const user_id of [ids.member, ids.manager, ids.bot]) {
    await sandbox.control('join-thread', { channel_id: ids.privateThread, user_id });
  }
  return sandbox;
}

test('a member of a thread is told from those who are not, and who left', async () => {
  const sandbox = await withThreadMembers();
  const ask = (user: string, query = '') => sandbox.get(`${thread}/thread-members/${user}${query}`);
  const { body } = await ask(ids.member);
  expect(body).toMatchObject({ id: ids.privateThread, user_id: ids.member });
  expect(body).not.toHaveProperty('member');
  expect((await ask(ids.member, '?with_member=true')).body.member.user.id).toBe(ids.member);
  expect((await ask('%40me')).body.user_id).toBe(ids.bot);
  for (const user of [ids.owner, ids.outsider, '999999999999999999']) {
    expect(await ask(user)).toMatchObject({ status: 404, body: { code: 10007 } });
  }
  await sandbox.control('leave-thread', { channel_id: ids.privateThread, user_id: ids.member });
  expect((await ask(ids.member)).status).toBe(404);
  await sandbox.control('remove-member', { guild_id: ids.guild, user_id: ids.manager });
  expect((await ask(ids.manager)).status).toBe(404);
});

test('members of a thread are not told where the bot may not look, nor of what is no thread', async () => {
  const sandbox = await runSandbox();
  const ask = (id: string) => sandbox.get(`/channels/${id}/thread-members/${ids.member}`);
  expect(await ask(ids.privateThread)).toMatchObject({ status: 403, body: { code: 50001 } });
  expect(await ask(ids.hiddenThread)).toMatchObject({ status: 403, body: { code: 50001 } });
  expect(await ask('999999999999999999')).toMatchObject({ status: 404, body: { code: 10003 } });
  expect(await ask(ids.general)).toMatchObject({ status: 400, body: { code: 50024 } });
  expect((await sandbox.get(`${thread}/thread-members/x`)).status).toBe(403);
  expect((await sandbox.get(`/channels/${ids.forumThread}/thread-members/x`)).body.code).toBe(50035);
});

test('all members of a thread are listed only with the privileged intent, in pages with their membership', async () => {
  const sandbox = await withThreadMembers();
  const list = async (query = '') => await sandbox.get(`${thread}/thread-members${query}`);
  expect(await list()).toMatchObject({ status: 403, body: { code: 50001 } });
  await sandbox.control('intents', { guild_members: true });
  const userIds = async (query: string) =>
    (await list(query)).body.map((member: { user_id: string }) => member.user_id);
  expect(await userIds('?limit=1')).toEqual([ids.bot, ids.manager, ids.member]);
  expect(await userIds('?with_member=true&limit=2')).toEqual([ids.bot, ids.manager]);
  expect(await userIds(`?with_member=true&after=${ids.manager}`)).toEqual([ids.member]);
  expect((await list('?limit=101')).body.code).toBe(50035);
});
