import { stripVTControlCharacters } from 'node:util';

/** Printable, on one line. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu,
    ' ',
  );
}
