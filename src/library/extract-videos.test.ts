import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyMessage } from '../../test/support/hostile-messages.ts';
import {
  aGif,
  aMedium,
  aMessage,
  anAttachment,
  aPlayer,
  EXPIRY,
} from '../../test/support/message-payloads.ts';
import { extractVideos } from './extract-videos.ts';

const named = new Set(['mp4', 'webm', 'mov']);
const extract = (over: Record<string, unknown>) => extractVideos(aMessage(over), named);
const idsOf = (over: Record<string, unknown>) => extract(over).videos.map((video) => video.id);
const MESSAGE = '1100000000000000009';

test('a video attachment with all that is known of it', () => {
  const { videos, author, fileIds, skipped } = extract({ attachments: [anAttachment()] });
  expect(author).toEqual({ id: '80', username: 'ada', globalName: 'Ada', avatar: null, isBot: false });
  expect(videos).toEqual([
    expect.objectContaining({
      id: '1100000000000000001',
      messageId: MESSAGE,
      authorId: '80',
      postedAt: '2023-04-24T10:00:00.000Z',
      formats: ['mp4'],
      sizeBytes: 1234,
      durationSecs: 4.5,
      source: 'attachment',
      caption: 'look',
      urlExpiresAt: '2024-01-12T21:44:35.000Z',
      pageUrl: null,
    }),
  ]);
  expect(fileIds).toContain('1100000000000000001');
  expect(skipped).toEqual([]);
});

test('a message without a video brings nothing, but the ids of its files', () => {
  const image = anAttachment({ id: '6', filename: 'a.png', content_type: 'image/png' });
  expect(extract({})).toEqual({ videos: [], fileIds: [], skipped: [], author: null });
  expect(extract({ attachments: [image] })).toEqual({
    videos: [],
    fileIds: ['6'],
    skipped: [],
    author: null,
  });
});

test('thumbnails are no videos; spoilers are marked', () => {
  const flagged = (flags: unknown, filename = 'a.mp4') =>
    extract({ attachments: [anAttachment({ flags, filename })] }).videos[0];
  expect(flagged(1 << 1)).toBeUndefined();
  expect(flagged(1 << 3)).toMatchObject({ isClip: false, isSpoiler: true });
  expect(flagged(0, 'SPOILER_a.mp4')).toMatchObject({ isSpoiler: true });
});

test('a clip tells of the game, the time and who was there', () => {
  const clip = anAttachment({
    flags: 1,
    clip_created_at: '2024-05-01T12:00:00+00:00',
    application: { id: '1', name: 'Pixel Runner' },
    clip_participants: [{ id: '80', username: 'ada', global_name: 'Ada' }, { id: 'x' }, null],
  });
  expect(extract({ attachments: [clip] }).videos[0]).toMatchObject({
    isClip: true,
    clipCreatedAt: '2024-05-01T12:00:00.000Z',
    clipApplication: 'Pixel Runner',
    clipParticipants: [{ id: '80', username: 'ada', global_name: 'Ada' }],
  });
});

test('a forward carries its files, embeds and components, and belongs to who forwarded it', () => {
  const forwarded = {
    content: 'from elsewhere',
    attachments: [anAttachment({ id: '77', filename: 'f.webm' })],
    embeds: [{ type: 'link' }, aPlayer()],
    components: [{ type: 13, file: aMedium({ attachment_id: undefined }) }],
  };
  const { videos } = extract({ content: '', message_snapshots: [{ message: forwarded }] });
  expect(videos.map((video) => video.id)).toEqual(['77', `${MESSAGE}-s0-e1`, `${MESSAGE}-s0-c0`]);
  for (const video of videos) {
    expect(video).toMatchObject({ source: 'forward', caption: 'from elsewhere', authorId: '80' });
  }
});

test('an embed whose player is a page is stored with the page, and counts whatever the settings say', () => {
  expect(extract({ embeds: [aPlayer()] }).videos).toEqual([
    expect.objectContaining({
      id: `${MESSAGE}-e0`,
      source: 'embed',
      embedType: 'video',
      formats: [],
      title: 'How kites fly',
      provider: 'Example Tube',
      pageUrl: 'https://tube.example/watch?v=1',
      url: 'https://tube.example/watch?v=1',
      proxyUrl: null,
      placeholder: 'thumb',
      thumbnailUrl: 'https://images-ext-1.discordapp.net/external/x1y2/https/img.tube.example/1.jpg',
    }),
  ]);
});

test("an embed of a file is played from Discord's copy, and has its format", () => {
  expect(extract({ embeds: [aGif()] }).videos[0]).toMatchObject({
    filename: 'wave.mp4',
    formats: ['mp4'],
    embedType: 'gifv',
    url: 'https://images-ext-1.discordapp.net/external/x1y2/https/gifs.example/m/wave.mp4',
    pageUrl: 'https://gifs.example/view/wave-1',
    urlExpiresAt: null,
  });
});

test.each(['link', 'rich', 'article', 'a type of next year'])(
  'an embed of type %s that carries a video counts',
  (type) => {
    expect(idsOf({ embeds: [{ type, url: 'https://a.example' }, aPlayer({ type })] })).toEqual([
      `${MESSAGE}-e1`,
    ]);
  },
);

test("a link to somebody's upload ends with its signature, and has no still of its own", () => {
  const proxy_url = `https://media.discordapp.net/attachments/3/4/theirs.mp4?${EXPIRY}`;
  const video = { url: `https://cdn.discordapp.com/attachments/3/4/theirs.mp4?${EXPIRY}`, proxy_url };
  expect(extract({ embeds: [aPlayer({ video, thumbnail: { proxy_url } })] }).videos[0]).toMatchObject({
    url: proxy_url,
    urlExpiresAt: '2024-01-12T21:44:35.000Z',
    thumbnailUrl: null,
  });
});

test('a copy that is no video file is left to its page', () => {
  const video = {
    url: 'https://a.example/p',
    proxy_url: 'https://copy.example/p',
    content_type: 'text/html',
  };
  expect(extract({ embeds: [aPlayer({ video })] }).videos[0]).toMatchObject({ proxyUrl: null, formats: [] });
});

test('galleries, files and thumbnails are found however deep, and in components of kinds to come', () => {
  const gallery = {
    type: 12,
    items: [{ media: aMedium(), spoiler: true }, { media: aMedium({ content_type: 'image/png' }) }],
  };
  const file = {
    type: 13,
    file: aMedium({ attachment_id: '71', url: 'https://cdn.example/u/b.mov', content_type: null }),
    name: 'b.mov',
    size: 9,
  };
  const section = {
    type: 9,
    components: [{ type: 10 }],
    accessory: { type: 11, media: aMedium({ attachment_id: '72', url: 'https://cdn.example/c.mp4' }) },
  };
  const components = [{ type: 17, components: [gallery, { type: 99, components: [file] }, section] }];
  const { videos } = extract({ content: '', components });
  expect(videos.map(({ id, isSpoiler, sizeBytes }) => [id, isSpoiler, sizeBytes])).toEqual([
    ['70', true, null],
    ['71', false, 9],
    ['72', false, null],
  ]);
  expect(videos.every((video) => video.source === 'component' && video.pageUrl === null)).toBe(true);
});

test('a medium from elsewhere is known by its place among the media', () => {
  const media = aMedium({
    attachment_id: undefined,
    url: 'https://a.example/x.mp4',
    proxy_url: 'https://copy.example/x.mp4',
  });
  const image = aMedium({ content_type: 'image/png' });
  expect(extract({ components: [{ items: [{ media: image }, { media }] }] }).videos).toEqual([
    expect.objectContaining({
      id: `${MESSAGE}-c1`,
      url: 'https://copy.example/x.mp4',
      pageUrl: 'https://a.example/x.mp4',
    }),
  ]);
});

test('what an embed or a component shows of the files of its message is that file, once', () => {
  const attachments = [anAttachment()];
  const url = `https://cdn.discordapp.com/attachments/1/2/clip.mp4?ex=1&is=2&hm=another`;
  const embed = aPlayer({ video: { url, proxy_url: 'https://copy.example/clip.mp4' } });
  const byId = {
    media: aMedium({ attachment_id: '1100000000000000001', url: 'https://elsewhere.example/c.mp4' }),
  };
  const byUrl = { media: aMedium({ attachment_id: undefined, url }) };
  expect(idsOf({ attachments, embeds: [embed], components: [{ items: [byId, byUrl] }] })).toEqual([
    '1100000000000000001',
  ]);
});

test('one bad file costs only itself, and is told with its place and reason', () => {
  const bad: [unknown, string][] = [
    [null, 'not_an_object'],
    [7, 'not_an_object'],
    [[], 'not_an_object'],
    [{}, 'no_id'],
    [anAttachment({ id: 'x' }), 'no_id'],
    [anAttachment({ id: '9'.repeat(19) }), 'no_id'],
    [anAttachment({ url: 'javascript:alert(1)' }), 'no_url'],
    [anAttachment({ filename: 5 }), 'no_name'],
  ];
  const good = anAttachment({ id: '5', size: -1, width: 2 ** 40, duration_secs: 'x' });
  const { videos, skipped } = extract({
    attachments: [...bad.map(([value]) => value), good],
    embeds: [null, aPlayer({ video: 'x' }), aPlayer({ url: 5, video: {} }), aGif()],
    components: [7, { file: 5 }, { items: 'x' }],
  });
  expect(videos.map((video) => video.id)).toEqual(['5', `${MESSAGE}-e3`]);
  expect(videos[0]).toMatchObject({ sizeBytes: null, width: null, durationSecs: null });
  expect(skipped.map(({ messageId, place, reason }) => [messageId, place, reason])).toEqual([
    ...bad.map(([, reason], index) => [MESSAGE, `attachments.${index}`, reason]),
    [MESSAGE, 'embeds.0', 'not_an_object'],
    [MESSAGE, 'embeds.1', 'not_an_object'],
    [MESSAGE, 'embeds.2', 'no_url'],
    [MESSAGE, 'components.0', 'not_an_object'],
    [MESSAGE, 'components.1.file', 'not_an_object'],
    [MESSAGE, 'components.2.items', 'not_a_list'],
  ]);
});

test('lists and nesting beyond all measure are cut, and told', () => {
  const attachments = Array.from({ length: 5_000 }, (_, index) => anAttachment({ id: String(index + 1) }));
  const flat = extract({ attachments, components: Array(5_000).fill({}) });
  expect(flat.videos).toHaveLength(100);
  expect(flat.skipped.map(({ place, reason }) => [place, reason])).toEqual([
    ['attachments', 'too_many'],
    ['components', 'too_many'],
  ]);
  let deep: Record<string, unknown> = { media: aMedium() };
  for (let level = 0; level < 5_000; level += 1) deep = { components: [deep, deep] };
  const nested = extract({ components: [deep] });
  expect(nested.videos).toEqual([]);
  expect(nested.skipped.some(({ reason }) => reason === 'too_deep')).toBe(true);
});

test('texts are cut, and lose what PostgreSQL cannot store', () => {
  const filename = `${'n'.repeat(10_000)}.mp4`;
  const [video] = extract({
    content: `a\u0000b${'😀'.repeat(3000)}`,
    attachments: [anAttachment({ filename, title: '\ud800x' })],
  }).videos;
  expect(video?.filename).toHaveLength(260);
  expect(video?.formats).toEqual(['mp4']);
  expect(video?.caption?.startsWith('ab😀')).toBe(true);
  expect(video?.caption?.length).toBeLessThanOrEqual(4000);
  expect(video?.title).toBe('\ufffdx');
});

test('whatever arrives, it never throws, and what it brings is bounded and well-formed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything({ withNullPrototype: true, withBigInt: true }), anyMessage), (value) => {
      const { videos, fileIds, skipped, author } = extractVideos(value, named);
      expect(videos.length).toBeLessThanOrEqual(200);
      expect(skipped.length).toBeLessThanOrEqual(100);
      expect(new Set(videos.map((video) => video.id)).size).toBe(videos.length);
      for (const { id, url } of videos) {
        expect(id).toMatch(/^[\w-]{1,64}$/); // usable in an address
        expect(fileIds).toContain(id);
        expect(url).toMatch(/^https?:/);
      }
      const text = JSON.stringify({ videos, skipped, author });
      expect(text.isWellFormed() && !text.includes('\\u0000') && !text.includes('\\ud')).toBe(true);
    }),
    { numRuns: 500 },
  );
});
