import { scheduledJobNames } from '../../../src/jobs/jobs.ts';
import { compareFields, compareIds } from './compare.ts';
import { type Case, json, problem, type Question } from './question.ts';

/** The doors of those who run the instance. They count all there is, and name nothing. */
export const operatorCases: Record<string, Case> = {
  'GET /metrics': () => [
    {
      expect: () => ({
        kind: 'text',
        check: (text) => (text.includes('clipdex_videos_estimated') ? [] : ['tells no metrics']),
      }),
    },
  ],
  'GET /api/operator/doctor': () => [
    { expect: () => json(({ items }) => (items.length > 0 ? [] : ['has examined nothing'])) },
  ],
  'GET /api/operator/figures': ({ facts, matrix }) => [
    {
      expect: () => {
        const guilds = Object.values(matrix.guilds).filter(({ botJoined }) => botJoined).length;
        return json((body) =>
          compareFields('figures', { guilds, channelsReading: facts.readingIds.size }, body),
        );
      },
    },
  ],
  'GET /api/operator/jobs': () => [
    {
      expect: () =>
        json(({ items }) =>
          compareIds(
            'jobs',
            scheduledJobNames,
            items.map(({ name }: { name: string }) => name),
          ),
        ),
    },
  ],
  'POST /api/operator/jobs/:name/runs': () => [
    ...scheduledJobNames.map(
      (name): Question => ({
        path: { name },
        expect: () => json((body) => compareFields('job', { name }, body), 202),
      }),
    ),
    { path: { name: 'scan_run' }, expect: () => problem(400, 'parameter_invalid') },
  ],
};
