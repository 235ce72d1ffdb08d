import { describe, expect, test } from 'vitest';
import type { StoredLink } from '../db/video-links.ts';
import { isUsable, LINK_MARGIN_MS, linkExpiry, renewLink } from './signed-link.ts';

const now = Date.UTC(2026, 0, 1);
const ex = (now / 1000 + 3_600).toString(16);
const file: StoredLink = {
  message_id: '1',
  id: '2',
  channel_id: '3',
  url: 'https://cdn.discordapp.com/attachments/3/2/a.mp4?ex=1&is=0&hm=old&',
  proxy_url: 'https://media.discordapp.net/attachments/3/2/a.mp4?ex=1&is=0&hm=old&',
  thumbnail_url: null,
  url_expires_at: new Date(1_000),
  width: 640,
  height: 360,
  is_attachment: true,
  has_file: true,
  is_deleted: false,
};
const freshUrl = `https://cdn.discordapp.com/attachments/3/2/a.mp4?ex=${ex}&is=1&hm=new&`;

describe('isUsable', () => {
  test.each([
    ['a link without an end', null, true],
    ['one that lives longer than the margin', new Date(now + LINK_MARGIN_MS + 1), true],
    ['one that ends within the margin', new Date(now + LINK_MARGIN_MS), false],
    ['one that has ended', new Date(now - 1), false],
  ])('%s', (_, expiresAt, expected) => {
    expect(isUsable(expiresAt, now)).toBe(expected);
  });
});

describe('renewLink', () => {
  test('signs the still like the file', () => {
    expect(renewLink(file, freshUrl, undefined, now)).toEqual({
      messageId: '1',
      id: '2',
      url: freshUrl,
      proxyUrl: `https://media.discordapp.net/attachments/3/2/a.mp4?ex=${ex}&is=1&hm=new`,
      expiresAt: new Date(now + 3_600_000),
    });
  });

  test('takes the still that comes with the file', () => {
    const proxyUrl = 'https://media.discordapp.net/other/a.mp4?hm=own';
    expect(renewLink(file, freshUrl, proxyUrl, now)).toMatchObject({ proxyUrl });
  });

  test.each([
    ['no address', 'javascript:alert(1)', file],
    ['nothing', undefined, file],
    ['a link that has ended', file.url, file],
    [
      'a still elsewhere, which it cannot sign',
      freshUrl,
      { ...file, proxy_url: 'https://x.example/other.mp4' },
    ],
  ])('refuses %s', (_, url, stored) => {
    expect(renewLink(stored, url, undefined, now)).toBeNull();
  });
});

test('the expiry of a link is what the link says', () => {
  expect(linkExpiry('https://cdn.example/a?ex=65a1b2c3')).toBe('2024-01-12T21:44:35.000Z');
  expect(linkExpiry('https://cdn.example/a')).toBeNull();
  expect(linkExpiry('https://cdn.example/a?ex=zz')).toBeNull();
});
