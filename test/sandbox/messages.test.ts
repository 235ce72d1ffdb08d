import { PermissionFlagsBits as bits } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { GENERAL_MESSAGES, ids, messageId } from './small-world.ts';

const newest = GENERAL_MESSAGES - 1;
const page = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => messageId(from - index));

async function idsOf(sandbox: TestSandbox, query: string): Promise<string[]> {
  const { body } = await sandbox.get(`/channels/${ids.general}/messages?${query}`);
  return body.map((message: { id: string }) => message.id);
}

describe('a page of messages', () => {
  test.each([
    ['', page(newest, newest - 49)],
    ['limit=3', page(newest, newest - 2)],
    [`limit=2&before=${messageId(10)}`, page(9, 8)],
    [`limit=100&before=${messageId(2)}`, page(1, 0)],
    [`limit=2&before=${BigInt(messageId(10)) + 1n}`, page(10, 9)],
    [`limit=3&after=${messageId(10)}`, page(13, 11)],
    [`limit=3&after=0`, page(2, 0)],
    [`limit=4&around=${messageId(100)}`, page(101, 98)],
    [`before=${messageId(0)}`, []],
    [`after=${messageId(newest)}`, []],
    [`limit=2&before=18446744073709551615`, page(newest, newest - 1)],
  ])('%s comes newest first', async (query, expected) => {
    expect(await idsOf(await runSandbox(), query)).toEqual(expected);
  });

  test('before=999… is compared as a number, not as text', async () => {
    expect(await idsOf(await runSandbox(), 'before=99999')).toEqual([]);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['before=first', 'before'],
    ['before=-1', 'before'],
    ['after=99999999999999999999999', 'after'],
  ])('%s is refused by name', async (query, field) => {
    const { status, body } = await (await runSandbox()).get(`/channels/${ids.general}/messages?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 50035, errors: { [field]: { _errors: [{}] } } });
  });

  test('two cursors are refused', async () => {
    const reply = await (await runSandbox()).get(`/channels/${ids.general}/messages?before=1&after=2`);
    expect(reply).toMatchObject({ status: 400, body: { code: 50035 } });
  });
});

describe('who may read', () => {
  test.each([
    [ids.hidden, 403, 50001],
    [ids.hiddenThread, 403, 50001],
    [ids.privateThread, 403, 50001],
    [ids.otherChannel, 403, 50001],
    ['999999999999999999', 404, 10003],
    ['general', 400, 50035],
    [ids.category, 400, 50024],
    [ids.forum, 400, 50024],
  ])('%s: %i %i', async (channelId, status, code) => {
    const reply = await (await runSandbox()).get(`/channels/${channelId}/messages`);
    expect(reply).toMatchObject({ status, body: { code } });
  });

  test('without READ_MESSAGE_HISTORY the page is empty and a single message refused', async () => {
    const sandbox = await runSandbox();
    expect(await sandbox.get(`/channels/${ids.noHistory}/messages`)).toMatchObject({ status: 200, body: [] });
    const single = await sandbox.get(`/channels/${ids.noHistory}/messages/712000000000000001`);
    expect(single).toMatchObject({ status: 403, body: { code: 50001 } });
  });

  test('a voice channel needs CONNECT as well', async () => {
    const sandbox = await runSandbox();
    expect((await sandbox.get(`/channels/${ids.voice}/messages`)).body).toHaveLength(1);
    const deny = String(bits.Connect);
    await sandbox.control('overwrite', { channel_id: ids.voice, id: ids.guild, type: 'role', deny });
    expect((await sandbox.get(`/channels/${ids.voice}/messages`)).status).toBe(403);
  });

  test('without the MESSAGE_CONTENT intent everything is there but empty', async () => {
    const sandbox = await runSandbox();
    await sandbox.send('POST', `/channels/${ids.general}/messages`, { content: 'mine' });
    await sandbox.control('intents', { message_content: false });
    const { body } = await sandbox.get(`/channels/${ids.general}/messages?limit=100`);
    expect(body[0].content).toBe('mine');
    const others = body.slice(1);
    expect(others).toHaveLength(99);
    for (const message of others) expect(message).toMatchObject({ content: '', attachments: [], embeds: [] });
    expect((await sandbox.get('/applications/@me')).body.flags & (1 << 19)).toBe(0);
  });
});

describe('the bot writes', () => {
  test.each([
    [{}, 50006],
    [{ content: '' }, 50006],
    [{ content: 'x'.repeat(2001) }, 50035],
    [{ content: 5 }, 50035],
    [{ embeds: 'none' }, 50035],
  ])('%j is refused with %i', async (body, code) => {
    const reply = await (await runSandbox()).send('POST', `/channels/${ids.general}/messages`, body);
    expect(reply).toMatchObject({ status: 400, body: { code } });
  });

  test('an answer carries what it answers; without the right to send it is refused', async () => {
    const sandbox = await runSandbox();
    const body = { content: 'yes', message_reference: { message_id: messageId(5) } };
    const reply = await sandbox.send('POST', `/channels/${ids.general}/messages`, body);
    expect(reply.body).toMatchObject({ type: 19, referenced_message: { id: messageId(5) } });
    const deny = String(bits.SendMessages);
    await sandbox.control('overwrite', { channel_id: ids.general, id: ids.guild, type: 'role', deny });
    const refused = await sandbox.send('POST', `/channels/${ids.general}/messages`, body);
    expect(refused).toMatchObject({ status: 403, body: { code: 50013 } });
  });

  test('broken JSON and foreign content types are refused', async () => {
    const sandbox = await runSandbox();
    const path = `${sandbox.apiUrl}/channels/${ids.general}/messages`;
    const headers = {
      'user-agent': 'DiscordBot (https://a.example, 1)',
      authorization: `Bot ${sandbox.token}`,
    };
    const ask = async (type: string, body: string) =>
      (await fetch(path, { method: 'POST', headers: { ...headers, 'content-type': type }, body })).json();
    expect(await ask('application/json', '{')).toMatchObject({ code: 50109 });
    expect(await ask('text/plain', '{"content":"x"}')).toMatchObject({ code: 50035 });
  });
});
