import { describe, expect, test } from 'vitest';
import type { StoredLink } from '../db/video-links.ts';
import { attachmentsOf, isUsable, LINK_MARGIN_MS, renewLink, showsTextOrFile } from './signed-link.ts';

const now = Date.UTC(2026, 0, 1);
const ex = (now / 1000 + 3_600).toString(16);
const file: StoredLink = {
  message_id: '1',
  id: '2',
  channel_id: '3',
  url: 'https://cdn.discordapp.com/attachments/3/2/a.mp4?ex=1&is=0&hm=old&',
  proxy_url: 'https://media.discordapp.net/attachments/3/2/a.mp4?ex=1&is=0&hm=old&',
  url_expires_at: new Date(1_000),
  width: 640,
  height: 360,
  is_attachment: true,
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

test('attachments are found in the message and in what it forwards', () => {
  const message = {
    attachments: [{ id: '1', url: 'a', proxy_url: 'b' }],
    message_snapshots: [{ message: { attachments: [{ id: '2', url: 'c' }] } }, { message: null }],
  };
  expect([...attachmentsOf(message).keys()].sort()).toEqual(['1', '2']);
  expect(attachmentsOf('nothing').size).toBe(0);
});

describe('showsTextOrFile', () => {
  const withheld = { content: '', attachments: [], embeds: [], components: [] };
  test.each([
    ['a caption', { ...withheld, content: 'look' }, true],
    ['another file', { ...withheld, attachments: [{ id: '9' }] }, true],
    [
      'the text of what it forwards',
      { ...withheld, message_snapshots: [{ message: { content: 'a' } }] },
      true,
    ],
    ['a forward that is withheld too', { ...withheld, message_snapshots: [{ message: withheld }] }, false],
    ['nothing', withheld, false],
    ['what is no message', null, false],
  ])('%s', (_, message, expected) => {
    expect(showsTextOrFile(message)).toBe(expected);
  });
});
