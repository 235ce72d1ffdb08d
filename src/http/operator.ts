import { readInstanceCounts } from '../db/metrics.ts';
import { packageVersion } from '../lib/package-root.ts';
import { findingPage, keyFigures } from './contract/operator.ts';
import { action } from './door.ts';

export const listFindings = action({
  summary: 'What is wrong with the instance, and what to do: examined now, within half a minute',
  answer: findingPage,
  handle: async ({ doctor, signal }) => ({ items: await doctor.examine(signal), next: null }),
});

export const getKeyFigures = action({
  summary: 'Versions, and how much there is of everything',
  answer: keyFigures,
  handle: async ({ db }) => ({
    version: packageVersion(),
    nodeVersion: process.versions.node,
    ...(await readInstanceCounts(db)),
  }),
});
