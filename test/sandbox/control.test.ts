import { describe, expect, test } from 'vitest';
import { type Reply, runSandbox } from './running-sandbox.ts';
import { ids } from './small-world.ts';

test('the list names every control with its help; those without fields answer GET', async () => {
  const sandbox = await runSandbox();
  const list: Reply['body'] = await (await fetch(`${sandbox.url}/_sandbox`)).json();
  const names = list.controls.map((control: { name: string }) => control.name);
  expect(names).toEqual(
    expect.arrayContaining(['post', 'kick-bot', 'fail', 'stats', 'seed', 'live-traffic']),
  );
  for (const control of list.controls) expect(control.help).toMatch(/\w.*\.$/);
  expect(await (await fetch(`${sandbox.url}/_sandbox/seed`)).json()).toEqual({ seed: 7 });
  expect((await sandbox.control('nothing')).status).toBe(404);
});

test.each<[string, object, string]>([
  ['post', { author_id: ids.member }, 'channel_id'],
  ['post', { channel_id: 5, author_id: ids.member }, 'channel_id'],
  ['post', { channel_id: '1', author_id: ids.member }, 'channel_id'],
  ['post', { channel_id: ids.forum, author_id: ids.member }, 'channel_id'],
  ['post', { channel_id: ids.general, author_id: '1' }, 'author_id'],
  ['post', { channel_id: ids.general, author_id: ids.member, count: 0 }, 'count'],
  ['post', { channel_id: ids.general, author_id: ids.member, files: [{ clip: 'no.mp4' }] }, 'files'],
  ['post', { channel_id: ids.general, author_id: ids.member, text: 'x' }, 'text'],
  ['edit', { channel_id: ids.general, message_id: '1' }, 'message_id'],
  ['create-channel', { guild_id: ids.guild, name: 'x', type: 'room' }, 'type'],
  ['update-thread', { channel_id: ids.general }, 'channel_id'],
  ['update-role', { guild_id: ids.guild, role_id: ids.botRole, permissions: 'all' }, 'permissions'],
  ['delete-role', { guild_id: ids.guild, role_id: ids.guild }, 'role_id'],
  ['member-roles', { guild_id: ids.guild, user_id: ids.outsider, role_ids: [] }, 'user_id'],
  ['member-roles', { guild_id: ids.guild, user_id: ids.member, role_ids: ['1'] }, 'role_ids'],
  ['give-role', { guild_id: ids.guild, user_id: ids.member, role_id: ids.guild }, 'role_id'],
  ['time-out', { guild_id: ids.guild, user_id: ids.member, secs: 2_419_201 }, 'secs'],
  ['add-member', { guild_id: ids.otherGuild, user_id: ids.bot }, 'user_id'],
  ['ban-user', { guild_id: ids.guild, user_id: ids.bot }, 'user_id'],
  ['join-thread', { channel_id: ids.privateThread, user_id: ids.outsider }, 'user_id'],
  ['guild-outage', { guild_id: ids.guild, unavailable: 'yes' }, 'unavailable'],
  ['drop-gateway', { code: 1 }, 'code'],
  ['fail', { kind: 'explode' }, 'kind'],
  ['latency', { ms: -1 }, 'ms'],
  ['use-command', { channel_id: ids.general, user_id: ids.member, command: 'nothing' }, 'command'],
  ['stats', { verbose: true }, 'verbose'],
])('%s %j is refused, naming %s, and changes nothing', async (name, fields, field) => {
  const sandbox = await runSandbox();
  const reply = await sandbox.control(name, fields);
  expect(reply).toMatchObject({ status: 400, body: { field } });
  expect(reply.body.message).toContain(field);
});

test('a page of another site cannot control the sandbox', async () => {
  const { url } = await runSandbox();
  const headers = { 'sec-fetch-site': 'cross-site' };
  expect((await fetch(`${url}/_sandbox/expire-links`, { method: 'POST', headers })).status).toBe(400);
});

describe('faults on order', () => {
  test('an answer of any kind, for so many requests of a route', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('fail', {
      status: 429,
      headers: { 'retry-after': '1800' },
      body: '<html>error code: 1015</html>',
      count: 2,
      route: '/users/@me',
      method: 'get',
    });
    expect((await sandbox.get('/gateway')).status).toBe(200);
    for (let n = 0; n < 2; n += 1) {
      const { status, headers, body } = await sandbox.get('/users/@me');
      expect({ status, body }).toEqual({ status: 429, body: '<html>error code: 1015</html>' });
      expect(headers.get('retry-after')).toBe('1800');
      expect(headers.get('content-type')).toBe('text/html');
    }
    expect((await sandbox.get('/users/@me')).status).toBe(200);
    const { body: stats } = await sandbox.control('stats');
    expect(stats.statuses).toEqual({ 200: 2, 429: 2 });
    expect(stats.rateLimited).toEqual({});
  });

  test('a part of a path meets one channel only', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('fail', { route: `/channels/${ids.general}/`, body: { code: 1 }, count: 9 });
    expect(await sandbox.get(`/channels/${ids.general}/messages`)).toMatchObject({
      status: 500,
      body: { code: 1 },
    });
    expect((await sandbox.get(`/channels/${ids.voice}/messages`)).status).toBe(200);
    expect((await sandbox.control('faults')).body.faults).toMatchObject([{ remaining: 8 }]);
    await sandbox.control('clear-faults');
    expect((await sandbox.get(`/channels/${ids.general}/messages`)).status).toBe(200);
  });

  test.each(['close', 'cut'])('%s breaks the connection', async (kind) => {
    const sandbox = await runSandbox();
    await sandbox.control('fail', { kind });
    await expect(sandbox.get(`/guilds/${ids.guild}`)).rejects.toThrow();
    expect((await sandbox.get(`/guilds/${ids.guild}`)).status).toBe(200);
  });

  test('truncated is broken JSON with a good status', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('fail', { kind: 'truncated' });
    await expect(sandbox.get(`/guilds/${ids.guild}`)).rejects.toThrow(SyntaxError);
  });

  test.each(['hang', 'stall'])('%s keeps the client waiting, until the sandbox ends', async (kind) => {
    const sandbox = await runSandbox();
    await sandbox.control('fail', { kind });
    const waiting = sandbox.get(`/guilds/${ids.guild}`).then(
      () => 'answered',
      () => 'broken',
    );
    expect((await sandbox.get('/gateway')).status).toBe(200);
    await sandbox.close();
    expect(await waiting).toBe('broken');
  });

  test('latency comes before the answer', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('latency', { ms: 100 });
    const start = performance.now();
    await sandbox.get('/gateway');
    expect(performance.now() - start).toBeGreaterThanOrEqual(99);
  });
});
