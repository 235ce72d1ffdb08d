import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extractVideos, linkExpiry } from './extract-videos.ts';

const formats = new Set(['mp4', 'webm', 'mov']);
const attachment = (over: Record<string, unknown> = {}) => ({
  id: '1100000000000000001',
  filename: 'clip.mp4',
  size: 1234,
  url: 'https://cdn.discordapp.com/attachments/1/2/clip.mp4?ex=65a1b2c3&is=1&hm=f',
  proxy_url: 'https://media.discordapp.net/attachments/1/2/clip.mp4?ex=65a1b2c3&is=1&hm=f',
  content_type: 'video/mp4',
  width: 1280,
  height: 720,
  duration_secs: 4.5,
  ...over,
});
const message = (over: Record<string, unknown> = {}) => ({
  id: '1100000000000000009',
  timestamp: '2023-04-24T10:00:00.000000+00:00',
  content: 'look',
  author: { id: '80', username: 'ada', global_name: 'Ada', avatar: null },
  attachments: [attachment()],
  ...over,
});
const names = (wire: unknown) => extractVideos(wire, formats).videos.map((video) => video.filename);

test('a video attachment with all that is known of it', () => {
  const { videos, author } = extractVideos(message(), formats);
  expect(author).toEqual({ id: '80', username: 'ada', globalName: 'Ada', avatar: null, isBot: false });
  expect(videos).toEqual([
    expect.objectContaining({
      id: '1100000000000000001',
      messageId: '1100000000000000009',
      authorId: '80',
      postedAt: '2023-04-24T10:00:00.000Z',
      extension: 'mp4',
      sizeBytes: 1234,
      durationSecs: 4.5,
      source: 'attachment',
      caption: 'look',
      urlExpiresAt: '2024-01-12T21:44:35.000Z',
    }),
  ]);
});

test.each([
  ['clip.mp4', 'video/mp4', true],
  ['CLIP.MP4', undefined, true],
  ['clip.mov', null, true],
  ['clip', 'video/quicktime', true],
  ['clip.bin', 'video/webm; codecs=vp9', true],
  ['clip.mp4', 'application/octet-stream', true],
  ['clip.mkv', 'video/mp4', false],
  ['clip.mkv', 'video/x-matroska', false],
  ['clip.mp4', 'image/png', false],
  ['voice.webm', 'audio/webm', false],
  ['notes.txt', 'text/plain', false],
  ['mp4', null, false],
])('%s of type %s counts: %s', (filename, contentType, counts) => {
  const wire = message({ attachments: [attachment({ filename, content_type: contentType })] });
  expect(names(wire)).toEqual(counts ? [filename] : []);
});

test('thumbnails are skipped; spoilers and clips are marked', () => {
  const flags = (value: unknown, filename = 'a.mp4') =>
    extractVideos(message({ attachments: [attachment({ flags: value, filename })] }), formats).videos[0];
  expect(flags(1 << 1)).toBeUndefined();
  expect(flags(1)).toMatchObject({ isClip: true, isSpoiler: false });
  expect(flags(1 << 3)).toMatchObject({ isClip: false, isSpoiler: true });
  expect(flags(0, 'SPOILER_a.mp4')).toMatchObject({ isSpoiler: true });
});

test('a forward carries its files and caption, and belongs to who forwarded it', () => {
  const forwarded = {
    content: 'from elsewhere',
    attachments: [attachment({ id: '77', filename: 'f.webm' })],
  };
  const { videos } = extractVideos(
    message({ content: '', attachments: [], message_snapshots: [{ message: forwarded }] }),
    formats,
  );
  expect(videos).toEqual([
    expect.objectContaining({ id: '77', source: 'forward', caption: 'from elsewhere', authorId: '80' }),
  ]);
});

test('one bad attachment costs only itself', () => {
  const bad = [
    null,
    7,
    {},
    attachment({ id: 'x' }),
    attachment({ url: 'javascript:alert(1)' }),
    attachment({ filename: 5 }),
  ];
  const wire = message({
    attachments: [...bad, attachment({ id: '5', size: -1, width: 2 ** 40, duration_secs: 'x' })],
  });
  expect(extractVideos(wire, formats).videos).toEqual([
    expect.objectContaining({ id: '5', sizeBytes: null, width: null, durationSecs: null }),
  ]);
});

test('texts are cut, and lose what PostgreSQL cannot store', () => {
  const filename = `${'n'.repeat(10_000)}.mp4`;
  const wire = message({
    content: `a\u0000b${'😀'.repeat(3000)}`,
    attachments: [attachment({ filename, title: '\ud800x' })],
  });
  const [video] = extractVideos(wire, formats).videos;
  expect(video?.filename).toHaveLength(260);
  expect(video?.extension).toBe('mp4');
  expect(video?.caption?.startsWith('ab😀')).toBe(true);
  expect(video?.caption?.length).toBeLessThanOrEqual(4000);
  expect(video?.caption?.isWellFormed()).toBe(true);
  expect(video?.title).toBe('\ufffdx');
});

test('never throws, whatever arrives', () => {
  const anything = fc.anything({ withNullPrototype: true, withBigInt: true });
  const wire = fc.record(
    {
      id: fc.constantFrom('5', 5, null),
      attachments: fc.array(
        fc.record({
          id: fc.constantFrom('1', 'x'),
          filename: anything,
          url: anything,
          flags: anything,
          size: anything,
          content_type: anything,
        }),
        { maxLength: 3 },
      ),
      content: anything,
      author: anything,
      timestamp: anything,
      message_snapshots: anything,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(anything, wire), (value) => {
      expect(Array.isArray(extractVideos(value, formats).videos)).toBe(true);
    }),
  );
});

test('the expiry of a link is what the link says', () => {
  expect(linkExpiry('https://cdn.example/a?ex=65a1b2c3')).toBe('2024-01-12T21:44:35.000Z');
  expect(linkExpiry('https://cdn.example/a')).toBeNull();
  expect(linkExpiry('https://cdn.example/a?ex=zz')).toBeNull();
});
