import type { PhraseBook } from './phrases/book.ts';
import { everydaySlots } from './phrases/everyday-slots.ts';
import type { Random } from './random.ts';

/** A text that was said within the last so many lines of a channel is said anew in other words. */
const REMEMBERED_LINES = 120;
const MAX_TRIES = 6;
/** Captions stand alone on a page of videos, so finding one that nobody has used yet is worth more tries. */
const MAX_CAPTION_TRIES = 16;

/** Says things from one book without repeating itself within a page. */
export type Speech = {
  book: PhraseBook;
  say(templates: readonly string[]): string;
  /** A caption for a video, where possible one that nobody has used before. */
  caption(): string;
};

export function createSpeech(random: Random, book: PhraseBook, captionsSaid: Set<string>): Speech {
  // A set keeps the order in which it was filled, so its first entry is the oldest.
  const recent = new Set<string>();
  return {
    book,
    say(templates) {
      let text = '';
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        text = fill(random, book, random.pick(templates));
        if (!recent.has(text)) break;
      }
      recent.add(text);
      if (recent.size > REMEMBERED_LINES) forgetOldest(recent);
      return text;
    },
    caption() {
      let text = '';
      for (let tries = 0; tries < MAX_CAPTION_TRIES; tries += 1) {
        text = fill(random, book, random.pick(book.captions));
        if (!captionsSaid.has(text)) break;
      }
      captionsSaid.add(text);
      return text;
    },
  };
}

function forgetOldest(texts: Set<string>): void {
  for (const oldest of texts) {
    texts.delete(oldest);
    return;
  }
}

function fill(random: Random, book: PhraseBook, template: string): string {
  let text = '';
  for (const part of partsOf(template)) {
    if (typeof part === 'string') text += part;
    else text += fill(random, book, random.pick(slotOf(book, part.slot)));
  }
  return text;
}

function slotOf(book: PhraseBook, name: string): readonly string[] {
  const choices = book.slots[name] ?? everydaySlots[name];
  if (!choices)
    throw new Error(`a phrase names the slot {${name}}, which neither its book nor the everyday slots have`);
  return choices;
}

type Part = string | { slot: string };
const compiled = new Map<string, Part[]>();

/** Templates are few and filled thousands of times, so each is taken apart once. */
function partsOf(template: string): Part[] {
  let parts = compiled.get(template);
  if (!parts) {
    parts = template.split(/\{(\w+)\}/).map((text, index) => (index % 2 === 0 ? text : { slot: text }));
    compiled.set(template, parts);
  }
  return parts;
}
