import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { runKillTest } from '../support/kill-run.ts';

const KILLS = 20; // bench/kill.ts kills 200 times
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

test(`a program killed ${KILLS} times under scans and posts ends with what an undisturbed one has`, {
  timeout: 600_000,
}, async () => {
  await using undisturbed = await createEmptyDatabase();
  await using killed = await createEmptyDatabase();
  const report = await runKillTest({
    kills: KILLS,
    seed: 11,
    undisturbedUrl: undisturbed.url,
    killedUrl: killed.url,
    program: ['--import', loader, join(packageRoot, 'src/main.ts')],
  });
  expect(report.differences).toEqual([]);
  expect(report.killedInScan).toBeGreaterThan(KILLS / 2);
});
