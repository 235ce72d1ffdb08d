import { describe, expect, test } from 'vitest';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { ids, messageId } from './small-world.ts';

const path = `/guilds/${ids.guild}/messages/search`;

async function hits(sandbox: TestSandbox, query: string): Promise<string[]> {
  const { body } = await sandbox.get(`${path}?${query}`);
  return body.messages.map(([message]: [{ id: string; hit: boolean }]) => message.id);
}

describe('a search', () => {
  test('finds videos newest first, 25 at most, age-restricted ones only when asked', async () => {
    const sandbox = await runSandbox();
    const { body } = await sandbox.get(`${path}?has=video`);
    expect(body).toMatchObject({ total_results: 25, doing_deep_historical_index: false });
    expect(body.messages[0]).toMatchObject([{ id: messageId(240), hit: true }]);
    const { body: all } = await sandbox.get(`${path}?has=video&include_nsfw=true`);
    expect(all.total_results).toBe(26);
    expect(all.messages).toHaveLength(25);
  });

  test.each([
    [`has=video&limit=2&offset=1`, [230, 220]],
    [`has=video&limit=2&sort_order=asc`, [0, 10]],
    [`has=video&max_id=${messageId(20)}`, [10, 0]],
    [`has=video&min_id=${messageId(230)}`, [240]],
    [`attachment_extension=webm&attachment_extension=mp4&limit=1`, [240]],
    [`attachment_extension=webm`, []],
    [`has=-video&limit=1`, [249]],
    [`content=message%20123`, [123]],
    [`has=video&channel_id=${ids.voice}&channel_id=${ids.general}&limit=1`, [240]],
    [`has=video&channel_id=${ids.voice}`, []],
    [`author_id=${ids.owner}`, []],
    [`embed_type=video`, []],
  ])('%s', async (query, expected) => {
    const scope = query.includes('channel_id') ? '' : `&channel_id=${ids.general}`;
    expect(await hits(await runSandbox(), query + scope)).toEqual(expected.map(messageId));
  });

  test('comes with the threads that it found something in, and passes over what the bot may not read', async () => {
    const sandbox = await runSandbox();
    const file = { author_id: ids.member, files: [{ clip: 'test-card.mp4' }] };
    for (const channel of [ids.forumThread, ids.privateThread, ids.hidden, ids.noHistory]) {
      await sandbox.control('post', { channel_id: channel, ...file });
    }
    const { body } = await sandbox.get(`${path}?has=video&limit=1`);
    expect(body.messages).toMatchObject([[{ channel_id: ids.forumThread }]]);
    expect(body.total_results).toBe(26);
    expect(body.threads).toMatchObject([{ id: ids.forumThread }]);
  });

  test.each([
    'limit=0',
    'limit=26',
    'offset=9976',
    'has=movie',
    'min_id=x',
    'sort_order=up',
    'embed_type=gifv',
  ])('%s is refused', async (query) => {
    expect(await (await runSandbox()).get(`${path}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 50035 },
    });
  });

  test('answers 202 while it is being indexed, and nothing without MESSAGE_CONTENT', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('search-indexing', { on: true });
    const reply = await sandbox.get(`${path}?has=video`);
    expect(reply).toMatchObject({ status: 202, body: { code: 110000, documents_indexed: 0 } });
    expect(reply.body).not.toHaveProperty('messages');
    await sandbox.control('search-indexing', { on: false });
    await sandbox.control('intents', { message_content: false });
    expect(await hits(sandbox, 'has=video')).toEqual([]);
  });
});
