import { describe, expect, test } from 'vitest';
import { showsTextOrFile } from './message-content.ts';

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
    ['a resolved link', { ...withheld, embeds: [{ type: 'video' }] }, true],
    ['nothing', withheld, false],
    ['what is no message', null, false],
  ])('%s', (_, message, expected) => {
    expect(showsTextOrFile(message)).toBe(expected);
  });
});
