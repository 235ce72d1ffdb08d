import { describe, expect, it } from 'vitest';
import { type BookName, bookNames } from './phrases/book.ts';
import { bookNamed } from './phrases/books.ts';
import { createRandom } from './random.ts';
import { createSpeech } from './speech.ts';

const ROUNDS = 60;
const foreign: ReadonlySet<BookName> = new Set(['japanese', 'korean', 'spanish', 'german']);
/** What a slot with its own article or preposition makes of a careless phrase. */
const stumble = /\b(the the|a the|a an|the a|for on|from on|from last|for tomorrow|a [aeio](?!ne-)\w+)\b/i;

describe.each(bookNames)('the book %s', (name: BookName) => {
  const book = bookNamed(name);
  const speech = createSpeech(createRandom(1), book, new Set());
  const templates = [...book.captions, ...book.openers, ...book.answers, ...book.titles];

  it('fills every phrase, without braces or stumbles', () => {
    for (const template of templates) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const text = speech.say([template]);
        expect(text).not.toMatch(/[{}]/);
        if (!foreign.has(name)) expect(text).not.toMatch(stumble);
      }
    }
  });

  it('has something for each occasion, and clips to show', () => {
    for (const list of [book.captions, book.openers, book.answers, book.titles, book.fileNames, book.clips]) {
      expect(list.length).toBeGreaterThan(3);
    }
    expect(new Set(templates.slice(0, book.captions.length)).size).toBe(book.captions.length);
  });
});

describe('createSpeech', () => {
  it('does not say the same twice within a page', () => {
    const speech = createSpeech(createRandom(1), bookNamed('lounge'), new Set());
    const page = Array.from({ length: 25 }, () => speech.say(bookNamed('lounge').answers));
    expect(new Set(page).size).toBe(page.length);
  });

  it('names the slot that no book fills', () => {
    const speech = createSpeech(createRandom(1), bookNamed('lounge'), new Set());
    expect(() => speech.say(['hello {nobody}'])).toThrow(/\{nobody\}/);
  });
});
