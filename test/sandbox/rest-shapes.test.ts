import { describe, expect, test } from 'vitest';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { createAnswerCheck, hasOpenApi } from './discord-openapi.ts';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { ids, messageId } from './small-world.ts';

if (!hasOpenApi)
  process.stderr.write('discord-openapi.json is absent: answers are not validated against it\n');

const command = { name: 'videos', description: 'Finds videos', options: [] };
const fresh = (sandbox: TestSandbox) => sandbox.control('use-command', useCommand);
const useCommand = { channel_id: ids.general, user_id: ids.member, command: 'videos' };

describe.skipIf(!hasOpenApi)("answers follow Discord's own description", () => {
  const check = hasOpenApi ? createAnswerCheck() : () => undefined;

  test.each<[method: string, template: string, path: string, status: number, body?: unknown]>([
    ['GET', '/gateway', '/gateway', 200],
    ['GET', '/gateway/bot', '/gateway/bot', 200],
    ['GET', '/users/@me', '/users/%40me', 200],
    ['GET', '/users/@me/guilds', '/users/@me/guilds?with_counts=true', 200],
    ['GET', '/users/{user_id}', `/users/${ids.member}`, 200],
    ['GET', '/users/{user_id}', '/users/999999999999999999', 404],
    ['GET', '/applications/@me', '/applications/@me', 200],
    ['GET', '/oauth2/applications/@me', '/oauth2/applications/@me', 200],
    ['GET', '/guilds/{guild_id}', `/guilds/${ids.guild}?with_counts=true`, 200],
    ['GET', '/guilds/{guild_id}', `/guilds/${ids.otherGuild}`, 404],
    ['GET', '/guilds/{guild_id}/roles', `/guilds/${ids.guild}/roles`, 200],
    ['GET', '/guilds/{guild_id}/members', `/guilds/${ids.guild}/members?limit=100`, 403],
    ['GET', '/guilds/{guild_id}/members/{user_id}', `/guilds/${ids.guild}/members/${ids.manager}`, 200],
    ['GET', '/guilds/{guild_id}/channels', `/guilds/${ids.guild}/channels`, 200],
    ['GET', '/guilds/{guild_id}/threads/active', `/guilds/${ids.guild}/threads/active`, 200],
    [
      'GET',
      '/guilds/{guild_id}/messages/search',
      `/guilds/${ids.guild}/messages/search?has=video&include_nsfw=true`,
      200,
    ],
    ['GET', '/guilds/{guild_id}/messages/search', `/guilds/${ids.guild}/messages/search?limit=26`, 400],
    ['GET', '/channels/{channel_id}', `/channels/${ids.general}`, 200],
    ['GET', '/channels/{channel_id}', `/channels/${ids.archivedThread}`, 200],
    ['GET', '/channels/{channel_id}', `/channels/${ids.hidden}`, 403],
    ['GET', '/channels/{channel_id}/messages', `/channels/${ids.general}/messages?limit=100`, 200],
    ['GET', '/channels/{channel_id}/messages', `/channels/${ids.general}/messages?limit=0`, 400],
    [
      'GET',
      '/channels/{channel_id}/messages/{message_id}',
      `/channels/${ids.general}/messages/${messageId(0)}`,
      200,
    ],
    [
      'POST',
      '/channels/{channel_id}/messages',
      `/channels/${ids.general}/messages`,
      200,
      { content: 'done' },
    ],
    [
      'GET',
      '/channels/{channel_id}/threads/archived/public',
      `/channels/${ids.general}/threads/archived/public`,
      200,
    ],
    [
      'GET',
      '/channels/{channel_id}/threads/archived/private',
      `/channels/${ids.general}/threads/archived/private`,
      403,
    ],
    [
      'GET',
      '/channels/{channel_id}/users/@me/threads/archived/private',
      `/channels/${ids.general}/users/@me/threads/archived/private`,
      200,
    ],
    [
      'GET',
      '/channels/{channel_id}/thread-members/{user_id}',
      `/channels/${ids.forumThread}/thread-members/${ids.member}`,
      404,
    ],
    ['GET', '/channels/{channel_id}/thread-members', `/channels/${ids.forumThread}/thread-members`, 403],
    ['GET', '/applications/{application_id}/commands', `/applications/${ids.application}/commands`, 200],
    [
      'PUT',
      '/applications/{application_id}/commands',
      `/applications/${ids.application}/commands`,
      200,
      [command],
    ],
    [
      'POST',
      '/applications/{application_id}/guilds/{guild_id}/commands',
      `/applications/${ids.application}/guilds/${ids.guild}/commands`,
      201,
      command,
    ],
  ])('%s %s (%s) with %i', async (method, template, path, status, body) => {
    const sandbox = await runSandbox();
    const reply = await sandbox.send(method, path, body);
    expect(reply.status).toBe(status);
    expect(check(method, template, reply.status, reply.body)).toBeUndefined();
  });

  test('the members of a guild, and of a thread with and without their membership of the guild', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('intents', { guild_members: true });
    const members = await sandbox.get(`/guilds/${ids.guild}/members?limit=100`);
    expect(check('GET', '/guilds/{guild_id}/members', 200, members.body)).toBeUndefined();
    await sandbox.control('join-thread', { channel_id: ids.forumThread, user_id: ids.member });
    const path = '/channels/{channel_id}/thread-members';
    for (const query of ['', '?with_member=true']) {
      const list = await sandbox.get(`/channels/${ids.forumThread}/thread-members${query}`);
      expect(list.body).toHaveLength(1);
      expect(check('GET', path, 200, list.body)).toBeUndefined();
      const one = await sandbox.get(`/channels/${ids.forumThread}/thread-members/${ids.member}${query}`);
      expect(check('GET', `${path}/{user_id}`, 200, one.body)).toBeUndefined();
    }
  });

  test('a rate limit and an index that is not ready', async () => {
    const sandbox = await runSandbox({ limits: { globalPerSecond: 1 } });
    const path = '/users/@me';
    await sandbox.get(path);
    const refused = await sandbox.get(path);
    expect(check('GET', path, refused.status, refused.body)).toBeUndefined();
    expect(refused.status).toBe(429);
    const other = await runSandbox();
    await other.control('search-indexing', { on: true });
    const notReady = await other.get(`/guilds/${ids.guild}/messages/search`);
    expect(notReady.status).toBe(202);
    expect(check('GET', '/guilds/{guild_id}/messages/search', 202, notReady.body)).toBeUndefined();
  });

  test('the answer to a used command, and its change', async () => {
    const sandbox = await runSandbox();
    await sandbox.send('PUT', `/applications/${ids.application}/commands`, [command]);
    const { interaction_id: id, token } = (await fresh(sandbox)).body;
    const answer = await sandbox.send('POST', `/interactions/${id}/${token}/callback`, {
      type: 5,
      data: { flags: 64 },
    });
    expect(answer.status).toBe(204);
    const path = '/webhooks/{webhook_id}/{webhook_token}/messages/@original';
    const changed = await sandbox.send('PATCH', `/webhooks/${ids.application}/${token}/messages/@original`, {
      content: 'Three videos',
    });
    expect(changed.status).toBe(200);
    expect(check('PATCH', path, 200, changed.body)).toBeUndefined();
    const again = await sandbox.send('POST', `/interactions/${id}/${token}/callback`, { type: 5 });
    expect(again.body).toMatchObject({ code: 40060 });
  });

  test('every channel, and the newest and oldest messages of each, in the generated world', async () => {
    const world = generateWorld(3);
    const sandbox = await runSandbox({ world });
    const problems: (string | undefined)[] = [];
    for (const guild of world.guilds.values()) {
      if (!guild.botJoined) continue;
      for (const path of ['', '/channels', '/roles', '/threads/active']) {
        const reply = await sandbox.get(`/guilds/${guild.id}${path}`);
        problems.push(check('GET', `/guilds/{guild_id}${path}`, reply.status, reply.body));
      }
      for (const channelId of guild.channels.keys()) {
        for (const query of ['limit=100', 'limit=100&after=0']) {
          const reply = await sandbox.get(`/channels/${channelId}/messages?${query}`);
          problems.push(check('GET', '/channels/{channel_id}/messages', reply.status, reply.body));
        }
      }
    }
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });
});
