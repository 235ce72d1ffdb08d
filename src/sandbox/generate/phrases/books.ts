import { animation } from './animation.ts';
import type { BookName, PhraseBook } from './book.ts';
import { climbing } from './climbing.ts';
import { film } from './film.ts';
import { gaming } from './gaming.ts';
import { german } from './german.ts';
import { japanese } from './japanese.ts';
import { korean } from './korean.ts';
import { lounge } from './lounge.ts';
import { notices } from './notices.ts';
import { rules } from './rules.ts';
import { sound } from './sound.ts';
import { spanish } from './spanish.ts';
import { speedruns } from './speedruns.ts';
import { tech } from './tech.ts';
import { wheels } from './wheels.ts';

const books: Record<BookName, PhraseBook> = {
  gaming,
  speedruns,
  climbing,
  wheels,
  film,
  animation,
  sound,
  tech,
  lounge,
  notices,
  rules,
  japanese,
  korean,
  spanish,
  german,
};

export function bookNamed(name: BookName): PhraseBook {
  return books[name];
}
