import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { attachmentId, ids, messageId } from './small-world.ts';

const clip = readFileSync(join(packageRoot, 'src/sandbox/clips/test-card.mp4'));

async function linkOf(sandbox: TestSandbox, n = 0): Promise<{ url: string; proxy_url: string }> {
  const { body } = await sandbox.get(`/channels/${ids.general}/messages/${messageId(n)}`);
  return body.attachments[0];
}

async function fetchBytes(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(url, { headers, method });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('a file', () => {
  test('is served whole, with type, ETag and cache headers, and not again to those who have it', async () => {
    const sandbox = await runSandbox();
    const { url } = await linkOf(sandbox);
    expect(url).toMatch(
      new RegExp(
        `^${sandbox.url}/attachments/${ids.general}/${attachmentId(0)}/test%20card.mp4\\?ex=[0-9a-f]{8}&is=[0-9a-f]{8}&hm=[0-9a-f]{64}&$`,
      ),
    );
    const { response, bytes } = await fetchBytes(url);
    expect(response.status).toBe(200);
    expect(bytes.equals(clip)).toBe(true);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000');
    const etag = response.headers.get('etag') ?? '';
    expect((await fetchBytes(url, { 'if-none-match': etag })).response.status).toBe(304);
  });

  test.each([
    ['bytes=0-9', 206, 0, 10],
    ['bytes=100-', 206, 100, clip.length],
    ['bytes=-50', 206, clip.length - 50, clip.length],
    ['bytes=0-99999999', 206, 0, clip.length],
    [`bytes=${clip.length}-`, 416, 0, 0],
  ])('%s: %i', async (range, status, start, end) => {
    const { url } = await linkOf(await runSandbox());
    const { response, bytes } = await fetchBytes(url, { range });
    expect(response.status).toBe(status);
    expect(bytes.equals(clip.subarray(start, end))).toBe(true);
    const expected = status === 206 ? `bytes ${start}-${end - 1}/${clip.length}` : `bytes */${clip.length}`;
    expect(response.headers.get('content-range')).toBe(expected);
  });

  test('without a clip is made up in its size, part by part alike, and never held in memory', async () => {
    const sandbox = await runSandbox();
    const size = 300 * 1024 * 1024;
    const { body } = await sandbox.control('post', {
      channel_id: ids.general,
      author_id: ids.member,
      files: [{ filename: 'disk.iso', size }],
    });
    const { body: message } = await sandbox.get(`/channels/${ids.general}/messages/${body.message_id}`);
    const { url } = message.attachments[0];
    const head = await fetchBytes(url, {}, 'HEAD');
    expect(head.response.headers.get('content-length')).toBe(String(size));
    expect(head.response.headers.get('content-type')).toBe('application/octet-stream');
    const { bytes: part } = await fetchBytes(url, { range: 'bytes=65000-200000' });
    const { bytes: inner } = await fetchBytes(url, { range: 'bytes=131000-131999' });
    expect(part.subarray(66_000, 67_000).equals(inner)).toBe(true);
    expect((await fetchBytes(url, { range: 'bytes=-10' })).bytes).toHaveLength(10);
  });

  test('is gone for forged, unsigned and expired links, and after its message or channel', async () => {
    const sandbox = await runSandbox();
    const { url } = await linkOf(sandbox);
    const isGone = async (link: string) => {
      const { response, bytes } = await fetchBytes(link);
      return response.status === 404 && bytes.toString() === 'This content is no longer available.';
    };
    expect(await isGone(url.replace('ex=', 'ex=f'))).toBe(true);
    expect(await isGone(url.replace(attachmentId(0), attachmentId(10)))).toBe(true);
    expect(await isGone(url.split('?')[0] ?? '')).toBe(true);
    await sandbox.control('link-life', { secs: 1 });
    const short = (await linkOf(sandbox)).url;
    const expiresAtMs = Number.parseInt(new URL(short).searchParams.get('ex') ?? '', 16) * 1000;
    expect(expiresAtMs - Date.now()).toBeLessThanOrEqual(1000);
    await expect.poll(() => isGone(short), { timeout: 5000 }).toBe(true);

    await sandbox.control('link-life', { secs: 3600 });
    const [second, third] = [await linkOf(sandbox, 10), await linkOf(sandbox, 20)];
    expect(await isGone(second.url)).toBe(false);
    await sandbox.control('delete', { channel_id: ids.general, message_id: messageId(10) });
    expect(await isGone(second.url)).toBe(true);
    expect(await isGone(third.url)).toBe(false);
    await sandbox.control('expire-links');
    expect(await isGone(third.url)).toBe(true);
    const fresh = await linkOf(sandbox, 20);
    expect(await isGone(fresh.url)).toBe(false);
    await sandbox.control('delete-channel', { channel_id: ids.general });
    expect(await isGone(fresh.url)).toBe(true);
  });

  test('keeps its link over a restart of the sandbox', async () => {
    const sandbox = await runSandbox();
    const { pathname, search } = new URL((await linkOf(sandbox)).url);
    const { url } = await runSandbox();
    expect((await fetchBytes(`${url}${pathname}${search}`)).response.status).toBe(200);
  });
});

describe('the media proxy', () => {
  test('renders a still of a clip, but only with dimensions', async () => {
    const { proxy_url: proxy } = await linkOf(await runSandbox());
    const { response, bytes } = await fetchBytes(`${proxy}format=webp&width=320&height=180`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    expect(bytes.subarray(8, 12).toString()).toBe('WEBP');
    for (const query of ['format=webp', 'format=webp&width=320', 'format=webp&width=0&height=9']) {
      expect((await fetchBytes(`${proxy}${query}`)).response.status).toBe(415);
    }
    expect((await fetchBytes(proxy)).bytes.equals(clip)).toBe(true);
    expect(
      (await fetchBytes(`${proxy.replace('hm=', 'hm=0')}format=webp&width=9&height=9`)).response.status,
    ).toBe(404);
  });

  test('cannot take a frame from made-up bytes', async () => {
    const sandbox = await runSandbox();
    const files = [{ filename: 'a.mp4', content_type: 'video/mp4' }];
    await sandbox.control('post', { channel_id: ids.general, author_id: ids.member, files });
    const { body } = await sandbox.get(`/channels/${ids.general}/messages?limit=1`);
    const still = `${body[0].attachments[0].proxy_url}format=webp&width=9&height=9`;
    expect((await fetchBytes(still)).response.status).toBe(415);
  });
});

test('refresh-urls signs anew, also what has expired, and tells what is gone', async () => {
  const sandbox = await runSandbox();
  const { url, proxy_url: proxy } = await linkOf(sandbox);
  await sandbox.control('expire-links');
  const missing = `${sandbox.url}/attachments/${ids.general}/1/a.mp4`;
  const urls = [url, proxy, missing, 'https://elsewhere.example/a.mp4'];
  const { body } = await sandbox.send('POST', '/attachments/refresh-urls', { attachment_urls: urls });
  const [file, media, gone, foreign] = body.refreshed_urls;
  expect(file.original).toBe(url);
  expect((await fetch(file.refreshed)).status).toBe(200);
  expect((await fetch(media.refreshed)).status).toBe(200);
  expect(gone.refreshed).toBeNull();
  expect(foreign.refreshed).toBe('https://elsewhere.example/a.mp4');
  for (const wrong of [[], Array(51).fill(url), ['no url'], 'x', undefined]) {
    const refused = await sandbox.send('POST', '/attachments/refresh-urls', { attachment_urls: wrong });
    expect(refused).toMatchObject({ status: 400, body: { code: 50035 } });
  }
});
