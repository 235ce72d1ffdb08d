import { changeCases } from './change-cases.ts';
import { eventCases } from './event-cases.ts';
import { operatorCases } from './operator-cases.ts';
import { ownCases } from './own-cases.ts';
import type { Case } from './question.ts';
import { readCases } from './read-cases.ts';
import { videoCases } from './video-cases.ts';

/** By door. A door without a case fails the test. */
export const cases: Record<string, Case> = {
  ...ownCases,
  ...readCases,
  ...videoCases,
  ...changeCases,
  ...eventCases,
  ...operatorCases,
};
