import { expect, test } from 'vitest';
import { CHANNEL, failureOf, GUILD, startRest } from './rest-client.ts';
import { json } from './scripted-server.ts';

const record = json(200, { id: '1' });

test('every call goes to its path', async () => {
  const { rest, server } = await startRest(record);
  const lists = json(200, []);
  await rest.getGatewayBot();
  await rest.getCurrentUser();
  await rest.getCurrentApplication();
  await rest.getGuild(GUILD);
  await rest.getGuildMember(GUILD, CHANNEL);
  await rest.getChannel(CHANNEL);
  await rest.getMessage(CHANNEL, GUILD);
  await rest.listActiveThreads(GUILD);
  await rest.listArchivedThreads(CHANNEL, 'public');
  await rest.listArchivedThreads(CHANNEL, 'private', '2026-01-02T03:04:05.678Z');
  server.fallback = lists;
  await rest.listCurrentUserGuilds({ after: GUILD });
  await rest.listGuildChannels(GUILD);
  await rest.listMessages(CHANNEL, { before: GUILD, limit: 100 });
  await rest.listMessages(CHANNEL, { after: GUILD });
  await rest.listMessages(CHANNEL, { around: GUILD, limit: 1 });
  expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /gateway/bot',
    'GET /users/@me',
    'GET /applications/@me',
    `GET /guilds/${GUILD}`,
    `GET /guilds/${GUILD}/members/${CHANNEL}`,
    `GET /channels/${CHANNEL}`,
    `GET /channels/${CHANNEL}/messages/${GUILD}`,
    `GET /guilds/${GUILD}/threads/active`,
    `GET /channels/${CHANNEL}/threads/archived/public?limit=100`,
    `GET /channels/${CHANNEL}/threads/archived/private?before=2026-01-02T03%3A04%3A05.678Z&limit=100`,
    `GET /users/@me/guilds?after=${GUILD}`,
    `GET /guilds/${GUILD}/channels`,
    `GET /channels/${CHANNEL}/messages?before=${GUILD}&limit=100`,
    `GET /channels/${CHANNEL}/messages?after=${GUILD}`,
    `GET /channels/${CHANNEL}/messages?around=${GUILD}&limit=1`,
  ]);
});

test('a page of which no entry has an id does not pass for an empty one', async () => {
  const { rest, server } = await startRest(record);
  server.script.push(json(200, [null, {}, { id: 5 }]), json(200, []), json(200, [null, { id: GUILD }]));
  expect(await failureOf(rest.listMessages(CHANNEL, {}))).toMatchObject({ kind: 'malformed' });
  expect(await rest.listMessages(CHANNEL, {})).toEqual([]);
  expect(await rest.listMessages(CHANNEL, {})).toHaveLength(2);
});

test('a malformed id is refused before it is sent', async () => {
  const { rest, server } = await startRest(record);
  for (const id of ['', '0', '../users/@me', '1 or 1=1', 'NaN']) {
    expect(await failureOf(rest.getChannel(id))).toMatchObject({ kind: 'bad_request', httpStatus: null });
  }
  expect(await failureOf(rest.listMessages(CHANNEL, { before: 'now' }))).toMatchObject({
    kind: 'bad_request',
  });
  expect(await failureOf(rest.searchMessages(GUILD, { maxId: 'now' }))).toMatchObject({
    kind: 'bad_request',
  });
  expect(server.received).toHaveLength(0);
});

test('a search by several values, and its page', async () => {
  const result = { total_results: 1, messages: [[{ id: '1' }]], doing_deep_historical_index: false };
  const { rest, server } = await startRest(json(200, result));
  const query = {
    has: ['video'],
    attachmentExtensions: ['mp4', 'webm'],
    channelIds: [CHANNEL, GUILD],
    maxId: CHANNEL,
    includeNsfw: false,
    sortOrder: 'desc',
    limit: 25,
  } as const;
  expect(await rest.searchMessages(GUILD, query)).toEqual({ kind: 'found', result });
  expect(server.received[0]?.path).toBe(
    `/guilds/${GUILD}/messages/search?max_id=${CHANNEL}&channel_id=${CHANNEL}&channel_id=${GUILD}&has=video` +
      '&attachment_extension=mp4&attachment_extension=webm&sort_by=timestamp&sort_order=desc' +
      '&include_nsfw=false&limit=25',
  );
});

test('a search while Discord builds its index', async () => {
  const { rest } = await startRest(json(202, { code: 110000, retry_after: 1.5, documents_indexed: 70 }));
  expect(await rest.searchMessages(GUILD, {})).toEqual({
    kind: 'indexing',
    retryAfterMs: 1_500,
    documentsIndexed: 70,
  });
});

test('fresh links, fifty at most', async () => {
  const refreshed_urls = [{ original: 'a', refreshed: 'b' }];
  const { rest, server } = await startRest(json(200, { refreshed_urls }));
  expect(await rest.refreshAttachmentUrls(['a'])).toEqual(refreshed_urls);
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ attachment_urls: ['a'] });
  await expect(rest.refreshAttachmentUrls(Array(51).fill('a'))).rejects.toThrow(RangeError);
});
