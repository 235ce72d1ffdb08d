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

  test('sees what was posted, edited and deleted since the last one', async () => {
    const sandbox = await runSandbox();
    const inVoice = `has=video&channel_id=${ids.voice}`;
    expect(await hits(sandbox, inVoice)).toEqual([]);
    const file = { clip: 'test-card.mp4' };
    const post = { channel_id: ids.voice, author_id: ids.member, files: [file] };
    const message_id: string = (await sandbox.control('post', post)).body.message_id;
    expect(await hits(sandbox, inVoice)).toEqual([message_id]);
    await sandbox.control('edit', { channel_id: ids.voice, message_id, files: [] });
    expect(await hits(sandbox, inVoice)).toEqual([]);
    await sandbox.control('edit', { channel_id: ids.voice, message_id, files: [file] });
    expect(await hits(sandbox, inVoice)).toEqual([message_id]);
    await sandbox.control('delete', { channel_id: ids.voice, message_id });
    expect(await hits(sandbox, inVoice)).toEqual([]);
  });
});

describe('an index with flaws', () => {
  const inGeneral = `has=video&channel_id=${ids.general}`;

  test('misses what it was told to miss, wherever a search begins', async () => {
    const sandbox = await runSandbox();
    const all = await hits(sandbox, inGeneral);
    await sandbox.control('search-flaws', { hidden_before: messageId(200) });
    expect(await hits(sandbox, inGeneral)).toEqual([240, 230, 220, 210, 200].map(messageId));
    await sandbox.control('search-flaws', { hidden_every: 2 });
    const half = await hits(sandbox, inGeneral);
    expect(half.length).toBeLessThan(all.length);
    expect(half.length).toBeGreaterThan(0);
    expect(await hits(sandbox, `${inGeneral}&max_id=${half[2]}`)).toEqual(half.slice(3));
    await sandbox.control('search-flaws');
    expect(await hits(sandbox, inGeneral)).toEqual(all);
  });

  test('sends short pages, wrong totals and messages twice', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('search-flaws', { total_error: 7, most_hits: 3, repeats: 2 });
    const { body } = await sandbox.get(`${path}?${inGeneral}&max_id=${messageId(200)}`);
    expect(body.total_results).toBe(20 + 7);
    expect(body.messages.map(([{ id }]: [{ id: string }]) => id)).toEqual([210, 200, 190].map(messageId));
    expect(await hits(sandbox, `${inGeneral}&max_id=${messageId(0)}`)).toEqual([10, 0].map(messageId));
    expect(await hits(sandbox, `${inGeneral}&max_id=${messageId(0)}&offset=2`)).toEqual([]);
  });
});
