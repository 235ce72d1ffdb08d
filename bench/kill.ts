import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { runKillTest } from '../test/support/kill-run.ts';
import type { Figure } from './main.ts';
import { openBenchDatabases } from './scan/bench-databases.ts';
import { builtPrograms } from './scan/built-programs.ts';
import { boundFigure, plainFigure } from './scan/figures.ts';

const KILLS = 200;
const MAX_SEED = 1_000_000;
const SHOWN_DIFFERENCES = 20;

/**
 * 200 SIGKILLs at random moments of scans and live events, and what is different afterwards from a program that was
 * left alone on the same Discord. `npm run bench -- kill <seed>` repeats what a seed did, as far as the machine's pace
 * allows.
 */
export async function bench([given]: readonly string[]): Promise<Figure[]> {
  const seed = given === undefined ? randomInt(MAX_SEED) : Number(given);
  process.stdout.write(`seed ${seed}\n`);
  await using databases = await openBenchDatabases();
  const program = [join(await builtPrograms(), 'main.js')];
  const startedAt = performance.now();
  const report = await runKillTest({
    kills: KILLS,
    seed,
    undisturbedUrl: await databases.create('undisturbed'),
    killedUrl: await databases.create('killed'),
    program,
  });
  for (const line of report.differences.slice(0, SHOWN_DIFFERENCES)) process.stdout.write(`${line}\n`);
  return [
    boundFigure('differences after 200 SIGKILLs', report.differences.length, 'rows', 0),
    plainFigure('kills in the middle of a scan', report.killedInScan, 'kills'),
    plainFigure('kills before the first commit', report.killedInStart, 'kills'),
    plainFigure('start of the program to its first commit', report.startMs / 1000, 's'),
    plainFigure('messages in the end', report.messages, 'messages'),
    plainFigure('duration', (performance.now() - startedAt) / 1000, 's'),
  ];
}
