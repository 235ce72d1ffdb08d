import { expect, test } from 'vitest';
import { posterUrl } from './poster-url.ts';

const proxyUrl = 'https://media.discordapp.net/attachments/1/2/a%20b.mp4?ex=6a&is=69&hm=abc&';

test.each([
  [1920, 1080, '640', '360'],
  [1080, 1920, '360', '640'],
  [320, 200, '320', '200'],
  [10_000, 3, '640', '1'],
  [null, 400, '640', '360'],
])('%s × %s is asked for as %s × %s', (width, height, expectedWidth, expectedHeight) => {
  const { searchParams } = new URL(posterUrl(proxyUrl, width, height));
  expect(searchParams.get('width')).toBe(expectedWidth);
  expect(searchParams.get('height')).toBe(expectedHeight);
});

test('the path and the signature stay', () => {
  expect(posterUrl(proxyUrl, 64, 64)).toBe(
    'https://media.discordapp.net/attachments/1/2/a%20b.mp4?ex=6a&is=69&hm=abc&format=webp&width=64&height=64',
  );
});
