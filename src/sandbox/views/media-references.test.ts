import { expect, test } from 'vitest';
import { resolveMedia } from './media-references.ts';

const file = {
  id: '1',
  filename: 'a.mp4',
  url: 'http://cdn/a',
  proxy_url: 'http://media/a',
  content_type: 'video/mp4',
};

test('references to files of the message become their links, however deep', () => {
  const components = [
    { type: 17, components: [{ type: 12, items: [{ media: { id: '9', url: 'attachment://a.mp4' } }] }] },
  ];
  expect(resolveMedia(components, [file])).toEqual([
    {
      type: 17,
      components: [
        {
          type: 12,
          items: [
            {
              media: { id: '9', url: 'http://cdn/a', proxy_url: 'http://media/a', content_type: 'video/mp4' },
            },
          ],
        },
      ],
    },
  ]);
});

test('unknown names and other links stay as they are', () => {
  const embeds = [{ image: { url: 'attachment://b.png' } }, { url: 'https://a.example' }];
  expect(resolveMedia(embeds, [file])).toEqual(embeds);
  expect(resolveMedia(embeds, [])).toBe(embeds);
});
