import type { Figure } from '../main.ts';
import { openBenchDatabases } from './bench-databases.ts';
import { startChild } from './child-program.ts';
import { boundFigure, plainFigure } from './figures.ts';
import type { LeanDiscord } from './lean-discord.ts';
import type { WalkProcess } from './walk-process.ts';

const MESSAGES = 2_000;
const RESCAN_GOAL = 1;

/** How many requests a scan makes, and a second one of the same, complete channel. */
export async function requestFigures(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  await using discord = await startChild<LeanDiscord>('lean-discord');
  await using walker = await startChild<WalkProcess>('walk-process');
  const { apiUrl } = await discord.call('open', { guildCount: 0 });
  const place = { databaseUrl: await databases.create('requests'), apiUrl };
  await walker.call('rescan', { ...place, messages: MESSAGES, times: 1 });
  const first = sum(await discord.call('takeCounts', {}));
  await walker.call('rescan', { ...place, messages: MESSAGES, times: 1 });
  const second = sum(await discord.call('takeCounts', {}));
  return [
    plainFigure('requests of a scan of 20 pages', first, ''),
    boundFigure('requests of a second scan of it', second, '', RESCAN_GOAL),
  ];
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
