import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { ids } from './fixtures/library.ts';
import { type LibraryServer, startLibraryServer } from './fixtures/library-server.ts';

const MAX_AGE_SECS = 3_600;

let server: LibraryServer;
beforeAll(async () => {
  server = await startLibraryServer();
});
afterAll(() => server.close());

type Stored = { id: string; url: string; proxy_url: string | null };

async function findStored(isWanted: 'with still' | 'without still', skip = 0): Promise<Stored> {
  const rows = await server.database.db.query<Stored>(sql`
    select id, url, proxy_url from videos
    where channel_id = ${ids.clips} and (proxy_url is null) = ${isWanted === 'without still'} and width > height
    order by message_id, id offset ${skip} limit 1`);
  if (!rows[0]) throw new Error(`no video ${isWanted}`);
  return rows[0];
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { cookie: server.cookie };
  return fetch(`${server.url}${path}`, { redirect: 'manual', headers, ...init });
}

test.each(['GET', 'HEAD'])(
  '%s of a stream leads to the stored link, cached for an hour at most',
  async (method) => {
    const { id, url } = await findStored('with still');
    const response = await ask(`/videos/${id}/stream`, { method });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(url);
    expect(response.headers.get('cache-control')).toBe(`private, max-age=${MAX_AGE_SECS}`);
    expect(await response.text()).toBe('');
  },
);

test('a range of the file is what the player gets through the redirect', async () => {
  const { id } = await findStored('with still');
  const response = await fetch(`${server.url}/videos/${id}/stream`, {
    headers: { range: 'bytes=0-99', cookie: server.cookie },
  });
  expect(response.status).toBe(206);
  expect((await response.arrayBuffer()).byteLength).toBe(100);
});

test('the redirect is never cached beyond the life of the link, less the margin', async () => {
  const { id } = await findStored('with still', 1);
  await server.database.db.query(sql`
    update videos set url_expires_at = now() + interval '10 minutes' where id = ${id}`);
  const age = Number(
    /max-age=(\d+)/.exec((await ask(`/videos/${id}/stream`)).headers.get('cache-control') ?? '')?.[1],
  );
  expect(age).toBeGreaterThan(5 * 60 - 30);
  expect(age).toBeLessThanOrEqual(5 * 60);
});

test('a poster leads to the still of the media proxy, under the signature of the link', async () => {
  const { id, proxy_url } = await findStored('with still');
  const response = await ask(`/videos/${id}/poster`);
  expect(response.status).toBe(302);
  const still = new URL(response.headers.get('location') ?? '');
  const proxied = new URL(proxy_url ?? '');
  expect(still.pathname).toBe(proxied.pathname);
  expect(still.searchParams.get('hm')).toBe(proxied.searchParams.get('hm'));
  expect(still.searchParams.get('format')).toBe('webp');
  expect((await fetch(still)).headers.get('content-type')).toBe('image/webp');
});

test('a video without a proxy link has no poster', async () => {
  const { id } = await findStored('without still');
  const response = await ask(`/videos/${id}/poster`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'not_found' });
});

test('a video that was deleted is gone', async () => {
  const { id } = await findStored('with still', 3);
  await server.database.db.query(sql`update videos set deleted_at = now() where id = ${id}`);
  const response = await ask(`/videos/${id}/stream`);
  expect(response.status).toBe(410);
  expect(await response.json()).toMatchObject({ code: 'video_deleted' });
});

test('a link that leads elsewhere than to the CDN is not followed', async () => {
  const { id } = await findStored('with still', 2);
  await server.database.db.query(sql`
    update videos set url = 'https://elsewhere.example/v.mp4', url_expires_at = null where id = ${id}`);
  const response = await ask(`/videos/${id}/stream`);
  expect(response.status).toBe(404);
  expect(response.headers.get('location')).toBeNull();
});

test('a video that only a page elsewhere plays has no stream, and the still that Discord keeps of it', async () => {
  const { id } = await findStored('without still', 1);
  const still = `${server.cdn.origin}/external/still.jpg`;
  await server.database.db.query(sql`
    update videos set page_url = 'https://tube.example/1', url = 'https://tube.example/1', thumbnail_url = ${still}
    where id = ${id}`);
  const stream = await ask(`/videos/${id}/stream`);
  expect(stream.status).toBe(404);
  expect(await stream.json()).toMatchObject({ code: 'not_found' });
  const poster = await ask(`/videos/${id}/poster`);
  expect(poster.status).toBe(302);
  expect(poster.headers.get('location')).toBe(still);
  expect(await (await ask(`/api/videos/${id}`)).json()).toMatchObject({
    hasFile: false,
    hasPoster: true,
    pageUrl: 'https://tube.example/1',
  });
});

test('a file that the settings do not count is unknown', async () => {
  const { id } = await findStored('with still', 4);
  await server.database.db.query(sql`update videos set is_video = false where id = ${id}`);
  for (const path of [`/videos/${id}/stream`, `/videos/${id}/poster`, `/api/videos/${id}`]) {
    expect((await ask(path)).status).toBe(404);
  }
});
