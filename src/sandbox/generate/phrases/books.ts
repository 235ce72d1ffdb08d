import type { BookName, PhraseBook } from './book.ts';
import { gaming } from './gaming.ts';

const books: Record<BookName, PhraseBook> = {
  gaming,
  speedruns: gaming,
  climbing: gaming,
  wheels: gaming,
  film: gaming,
  animation: gaming,
  sound: gaming,
  tech: gaming,
  lounge: gaming,
  notices: gaming,
  japanese: gaming,
  korean: gaming,
  spanish: gaming,
  german: gaming,
};

export function bookNamed(name: BookName): PhraseBook {
  return books[name];
}
