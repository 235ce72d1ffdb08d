import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../src/http/contract.ts';
import { ids } from './fixtures/library.ts';
import { type LibraryServer, startLibraryServer } from './fixtures/library-server.ts';

let server: LibraryServer;
beforeAll(async () => {
  server = await startLibraryServer();
});
afterAll(() => server.close());

describe('bad parameters are named with what is allowed', () => {
  test.each([
    ['/api/videos?limit=0', 'limit', 'a whole number from 1 to 100'],
    ['/api/videos?limit=101', 'limit', 'a whole number from 1 to 100'],
    ['/api/videos?limit=1e1', 'limit', 'a whole number from 1 to 100'],
    ['/api/videos?guild_id=0', 'guild_id', 'a Discord id'],
    ['/api/videos?channel_id=9223372036854775808', 'channel_id', 'a Discord id'],
    ["/api/videos?channel_id=1'%20or%20true--", 'channel_id', 'a Discord id'],
    ['/api/videos?q=', 'q', 'up to 8 words'],
    ['/api/videos?q=ab%20c', 'q', '3 letters or digits in a row'],
    ['/api/videos?q=%25%25%25', 'q', '3 letters or digits in a row'],
    ['/api/videos?q=%C2%B2%C2%BD%E2%91%A0', 'q', '3 letters or digits in a row'],
    ['/api/videos?q=abc%00', 'q', 'no NUL character'],
    [`/api/videos?q=${'a'.repeat(201)}`, 'q', 'at most 200 characters'],
    ['/api/videos/count?q=one+two+3+4+5+6+7+8+9', 'q', 'up to 8 words'],
    ['/api/videos?cursor=nonsense', 'cursor', 'a cursor from an earlier answer'],
    ['/api/videos?page=2', 'page', 'unknown'],
    ['/api/channels/1/coverage?limit=1', 'limit', 'unknown'],
    ['/api/videos/count?down_to=%00', 'down_to', 'a cursor'],
    ['/api/runs?status=done', 'status', 'one of queued, running, succeeded, failed, canceled'],
    ['/api/runs/1', 'id', 'a run id (UUID)'],
    ['/api/guilds/abc', 'id', 'a Discord id'],
    ['/api/guilds/abc/channels', 'id', 'a Discord id'],
    ['/api/videos/%00', 'id', 'a video id'],
    ['/videos/a.b/stream', 'id', 'a video id'],
    ['/videos/1/stream?retry=0', 'retry', 'a whole number from 1 to 99'],
    ['/videos/1/poster?width=9', 'width', 'unknown'],
  ])('%s', async (path, name, allowed) => {
    const response = await server.browser.get(path);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await response.json()) as Problem;
    expect(problem).toMatchObject({ status: 400, code: 'parameter_invalid' });
    expect(problem.requestId).toBe(response.headers.get('x-request-id'));
    expect(problem.parameters?.[0]?.name).toBe(name);
    expect(problem.parameters?.[0]?.allowed).toContain(allowed);
  });
});

test.each([
  '/api',
  '/api/nothing',
  '/videos',
  '/videos/1/other',
  '/assets/../package.json',
  '/assets/%2e%2e/index.html',
])('there is nothing at %s', async (path) => {
  const response = await server.browser.get(path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'not_found', status: 404 });
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s changes nothing anywhere', async (method) => {
  const response = await server.browser.send(method, `/api/videos/${ids.clips}`);
  expect(response.status).toBe(404);
});

test.each([
  ['127.0.0.1', 200],
  ['localhost:3000', 200],
  ['[::1]:3000', 200],
  ['evil.example', 421],
  ['localhost.evil.example', 421],
  ['10.0.0.1', 421],
])('a request for the name %s is answered with %i', async (host, status) => {
  expect(await statusFor(host, '/api/guilds')).toBe(status);
});

test.each([
  ['/healthz', 200],
  ['/readyz', 200],
  ['/healthz/../api/guilds', 421],
  ['/', 421],
])('probes know but an address, by which %s is answered with %i', async (path, status) => {
  expect(await statusFor('10.0.0.1:3000', path)).toBe(status);
});

/** `fetch` does not let one choose the Host header. */
function statusFor(host: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(
      `${server.url}${path}`,
      { headers: { host, cookie: server.cookie }, agent: false },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      },
    )
      .on('error', reject)
      .end();
  });
}

test('every answer tells the browser to run and load only our own, and files from the CDN', async () => {
  for (const path of ['/api/guilds', '/nothing', '/api/videos?limit=0']) {
    const { headers } = await server.browser.get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`media-src 'self' ${server.cdn.origin};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});
