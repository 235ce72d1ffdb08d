import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeReturnPath } from './return-path.ts';

test.each([
  ['/', '/'],
  ['/videos?q=cats&channel=1#top', '/videos?q=cats&channel=1#top'],
  ['/guilds/81384788765712384/channels', '/guilds/81384788765712384/channels'],
  ['/videos?from=https://example.org//x', '/videos?from=https://example.org//x'],
  ['/authors', '/authors'],
  ['/a/../videos', '/videos'],
  ['/clips/ö', '/clips/%C3%B6'],
])('%s is ours', (path, returned) => {
  expect(safeReturnPath(path)).toBe(returned);
});

test.each([
  '',
  'videos',
  'https://evil.example/',
  'HTTPS:evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/\0/evil.example',
  '/%2f/evil.example',
  '/%2Fevil.example',
  '/%5cevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e%2e//evil.example',
  '//evil.example/%2f..',
  '//user:password@evil.example',
  '/videos\r\nSet-Cookie: a=b',
  '/videos%0d%0aSet-Cookie: a=b',
  '/%',
  '/%c0%af/evil.example',
  '/auth',
  '/auth/login',
  '/auth/callback?code=1&state=2',
  '/AUTH/login',
  '/%61uth/login',
  '/x/../auth/login',
  '/./auth/login',
  '/auth?x',
  `/${'a'.repeat(500)}`,
  '/\u0085x',
])('%j is not', (path) => {
  expect(safeReturnPath(path)).toBe('/');
});

const pieces = [
  '/',
  '\\',
  '.',
  '..',
  '%2f',
  '%5c',
  '%00',
  '\t',
  '\n',
  '@',
  ':',
  '?',
  '#',
  'a',
  'auth',
  'evil.example',
];

test('whatever it is made of, a browser stays with us, and asking again changes nothing', () => {
  const paths = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => `/${parts.join('')}`);
  fc.assert(
    fc.property(paths, (path) => {
      const returned = safeReturnPath(path);
      const url = new URL(returned, 'https://clips.example.org/auth/callback');
      expect(url.origin).toBe('https://clips.example.org');
      expect(decodeURIComponent(url.pathname)).not.toMatch(/^\/(auth(\/|$)|[/\\])/i);
      expect(safeReturnPath(returned)).toBe(returned);
    }),
    { numRuns: 2_000 },
  );
});
