import { GatewayIntentBits } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';
import { connectGateway, identify, usualIntents } from './gateway-client.ts';
import { runSandbox } from './running-sandbox.ts';
import { GENERAL_MESSAGES, ids, messageId } from './small-world.ts';

const post = { channel_id: ids.general, author_id: ids.member, content: 'news' };

describe('a connection', () => {
  test('greets, identifies, and shows the guild with its channels and the threads that the bot may see', async () => {
    const sandbox = await runSandbox();
    const { client, ready } = await identify(sandbox);
    expect(ready.guilds).toEqual([{ id: ids.guild, unavailable: true }]);
    expect(ready).toMatchObject({ v: 10, user: { id: ids.bot }, application: { id: ids.application } });
    const { d: guild } = await client.event('GUILD_CREATE');
    const general = guild.channels.find((channel: { id: string }) => channel.id === ids.general);
    expect(general.last_message_id).toBe(messageId(GENERAL_MESSAGES - 1));
    expect(guild.threads.map((thread: { id: string }) => thread.id)).toEqual([ids.forumThread]);
    expect(guild.members.map((member: { user: { id: string } }) => member.user.id)).toEqual([ids.bot]);
    expect(guild).toMatchObject({ unavailable: false, large: false, member_count: 4 });
  });

  test.each(['v=10&encoding=json&compress=zlib-stream', 'v=9&encoding=json'])(
    'works with %s',
    async (query) => {
      const sandbox = await runSandbox();
      const { client } = await identify(sandbox, { query });
      await client.event('GUILD_CREATE');
      await sandbox.control('post', { ...post, count: 50 });
      for (let n = 0; n < 50; n += 1) expect((await client.event('MESSAGE_CREATE')).d.content).toBe('news');
    },
  );

  test('acknowledges heartbeats, unless told not to', async () => {
    const sandbox = await runSandbox();
    const { client } = await identify(sandbox);
    client.send(1, client.sequence());
    expect(await client.op(11)).toMatchObject({ d: null, s: null, t: null });
    await sandbox.control('gateway-faults', { skips_acks: true });
    client.send(1, 2);
    await sandbox.control('post', post);
    await client.event('MESSAGE_CREATE');
    expect(client.untaken()).toEqual(['GUILD_CREATE']);
  });

  test('ends when heartbeats stay away', async () => {
    const sandbox = await runSandbox({ limits: { isEnabled: false, heartbeatIntervalMs: 1_000 } });
    const { client } = await identify(sandbox);
    expect(await client.closed()).toBe(4009);
  });
});

describe('what breaks the rules is closed with the documented code', () => {
  const good = { intents: usualIntents, properties: {} };
  test.each<[string, number, number, object]>([
    ['a wrong token', 4004, 2, { ...good, token: 'nobody' }],
    ['no properties', 4002, 2, { token: '$token', intents: 1 }],
    ['an unknown intent', 4013, 2, { ...good, token: '$token', intents: 1 << 30 }],
    ['a shard out of range', 4010, 2, { ...good, token: '$token', shard: [2, 2] }],
    ['a privileged intent that is off', 4014, 2, { ...good, token: '$token', intents: 1 << 8 }],
    ['a command before IDENTIFY', 4003, 3, {}],
    ['an unknown op', 4001, 99, {}],
    ['a RESUME with a wrong token', 4004, 6, { token: 'nobody', session_id: 'x', seq: 1 }],
  ])('%s: %i', async (_, code, op, fields) => {
    const sandbox = await runSandbox();
    const client = connectGateway(sandbox.url);
    await client.op(10);
    client.sendText(JSON.stringify({ op, d: fields }).replace('$token', sandbox.token));
    expect(await client.closed()).toBe(code);
  });

  test('no JSON, too much, too often, twice, and a retired version', async () => {
    const sandbox = await runSandbox();
    const broken = connectGateway(sandbox.url);
    await broken.op(10);
    broken.sendText('{');
    expect(await broken.closed()).toBe(4002);
    const large = connectGateway(sandbox.url);
    await large.op(10);
    large.send(1, 'x'.repeat(5000));
    expect(await large.closed()).toBe(4002);
    const busy = connectGateway(sandbox.url);
    await busy.op(10);
    for (let n = 0; n < 121; n += 1) busy.send(1, null);
    expect(await busy.closed()).toBe(4008);
    const { client: twice } = await identify(sandbox);
    twice.send(2, { token: sandbox.token, intents: 1, properties: {} });
    expect(await twice.closed()).toBe(4005);
    expect(await connectGateway(sandbox.url, 'v=6&encoding=json').closed()).toBe(4012);
  });

  test('MESSAGE_CONTENT is refused while the application has it off', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('intents', { message_content: false });
    await expect(identify(sandbox, { intents: 1 })).resolves.toBeDefined();
    const client = connectGateway(sandbox.url);
    await client.op(10);
    client.send(2, { token: sandbox.token, intents: usualIntents, properties: {} });
    expect(await client.closed()).toBe(4014);
  });

  test('a second IDENTIFY within five seconds is an invalid session', async () => {
    const sandbox = await runSandbox({ limits: { isEnabled: true } });
    await identify(sandbox);
    const client = connectGateway(sandbox.url);
    await client.op(10);
    client.send(2, { token: sandbox.token, intents: 1, properties: {} });
    expect(await client.op(9)).toMatchObject({ d: false });
    const { body } = await sandbox.get('/gateway/bot');
    expect(body.session_start_limit).toMatchObject({ remaining: 999, max_concurrency: 1 });
  });
});

describe('RESUME', () => {
  test('replays what was missed, in order, and then RESUMED', async () => {
    const sandbox = await runSandbox();
    const { client, ready } = await identify(sandbox);
    await client.event('GUILD_CREATE');
    const seq = client.sequence();
    await sandbox.control('drop-gateway', { code: 4000 });
    expect(await client.closed()).toBe(4000);
    await sandbox.control('post', { ...post, content: 'first' });
    await sandbox.control('post', { ...post, content: 'second' });
    const again = connectGateway(ready.resume_gateway_url.replace('/gateway', ''));
    await again.op(10);
    again.send(6, { token: sandbox.token, session_id: ready.session_id, seq });
    expect(await again.event('MESSAGE_CREATE')).toMatchObject({ s: seq + 1, d: { content: 'first' } });
    expect(await again.event('MESSAGE_CREATE')).toMatchObject({ s: seq + 2, d: { content: 'second' } });
    expect(await again.event('RESUMED')).toMatchObject({ s: seq + 3 });
    await sandbox.control('post', { ...post, content: 'third' });
    expect(await again.event('MESSAGE_CREATE')).toMatchObject({ s: seq + 4, d: { content: 'third' } });
  });

  test.each([
    ['the sessions were dropped for good', 'drop-gateway', { code: 4000, resumable: false }],
    ['every RESUME is refused', 'gateway-faults', { refuses_resumes: true }],
    ['the session was invalidated', 'gateway-invalidate', { resumable: false }],
  ])('is answered by op 9 when %s', async (_, control, fields) => {
    const sandbox = await runSandbox();
    const { client, ready } = await identify(sandbox);
    await sandbox.control(control, fields);
    client.disconnect();
    const again = connectGateway(sandbox.url);
    await again.op(10);
    again.send(6, { token: sandbox.token, session_id: ready.session_id, seq: 1 });
    expect(await again.op(9)).toEqual({ op: 9, d: false, s: null, t: null });
  });

  test('a sequence of the future is closed with 4007', async () => {
    const sandbox = await runSandbox();
    const { client, ready } = await identify(sandbox);
    client.disconnect();
    const again = connectGateway(sandbox.url);
    await again.op(10);
    again.send(6, { token: sandbox.token, session_id: ready.session_id, seq: 1000 });
    expect(await again.closed()).toBe(4007);
  });

  test('op 7 and op 9 carry s and t as null', async () => {
    const sandbox = await runSandbox();
    const { client } = await identify(sandbox);
    await sandbox.control('gateway-reconnect');
    expect(await client.op(7)).toEqual({ op: 7, d: null, s: null, t: null });
    await sandbox.control('gateway-invalidate', { resumable: true });
    expect(await client.op(9)).toEqual({ op: 9, d: true, s: null, t: null });
  });

  test('after op 9 a session goes on, or another begins, on the same connection', async () => {
    const sandbox = await runSandbox();
    const { client, ready } = await identify(sandbox);
    await client.event('GUILD_CREATE');
    await sandbox.control('gateway-invalidate', { resumable: true });
    await client.op(9);
    await sandbox.control('post', post);
    client.send(6, { token: sandbox.token, session_id: ready.session_id, seq: client.sequence() });
    await client.event('RESUMED');
    await client.event('MESSAGE_CREATE');
    await sandbox.control('gateway-invalidate', { resumable: false });
    await client.op(9);
    client.send(2, { token: sandbox.token, intents: usualIntents, properties: {} });
    expect((await client.event('READY')).d.session_id).not.toBe(ready.session_id);
  });

  test('an outage takes no connections', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('gateway-faults', { is_down: true });
    expect(await connectGateway(sandbox.url).closed()).toBe(1006);
    await sandbox.control('gateway-faults', { is_down: false });
    await identify(sandbox);
  });
});

describe('intents and shards', () => {
  test('content comes only with its intent, or when the bot is concerned', async () => {
    const sandbox = await runSandbox();
    const { client } = await identify(sandbox, {
      intents: GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages,
    });
    await sandbox.control('post', { ...post, files: [{ clip: 'test-card.mp4' }] });
    expect((await client.event('MESSAGE_CREATE')).d).toMatchObject({
      content: '',
      attachments: [],
      guild_id: ids.guild,
      member: { roles: [] },
    });
    await sandbox.send('POST', `/channels/${ids.general}/messages`, { content: 'mine' });
    expect((await client.event('MESSAGE_CREATE')).d.content).toBe('mine');
  });

  test('an intent that was not asked for brings no events', async () => {
    const sandbox = await runSandbox();
    const { client } = await identify(sandbox, { intents: GatewayIntentBits.Guilds });
    await client.event('GUILD_CREATE');
    await sandbox.control('post', post);
    await sandbox.control('update-channel', { channel_id: ids.general, name: 'renamed' });
    await client.event('CHANNEL_UPDATE');
    expect(client.untaken()).toEqual([]);
  });

  test('a guild belongs to the shard that its id says', async () => {
    const sandbox = await runSandbox();
    const shard = Number((BigInt(ids.guild) >> 22n) % 2n);
    const { ready } = await identify(sandbox, { shard: [shard, 2] });
    const { ready: other } = await identify(sandbox, { shard: [1 - shard, 2] });
    expect([ready.guilds.length, other.guilds.length]).toEqual([1, 0]);
  });
});
