import type { PhraseBook } from './book.ts';
import { notices } from './notices.ts';

/** A community's few rules, one a message. */
export const rules: PhraseBook = {
  ...notices,
  openers: [
    '**1. Be kind.** There is a person behind every name.',
    '**2. Tag spoilers.** Endings belong to those who get there.',
    '**3. Credit who filmed it.** A name in the message is enough.',
    '**4. Ask before you post people.** A no needs no reason.',
    '**5. Keep it friendly for all ages.** What is not has its own channel.',
    '**6. Notes on others’ work start with two good things.**',
    '**7. Questions are welcome, twice as well.** A moderator is never far away.',
    '**8. Have fun.** That one is mandatory.',
  ],
};
