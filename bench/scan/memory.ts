import type { Figure } from '../main.ts';
import { openBenchDatabases } from './bench-databases.ts';
import { startChild } from './child-program.ts';
import { boundFigure } from './figures.ts';
import type { LeanDiscord } from './lean-discord.ts';
import type { WalkProcess } from './walk-process.ts';

const SCANNED = { channels: 64, messages: 3_200 }; // 204,800 messages
const WARM_UP = { channels: 64, messages: 400 };
const GOAL_MB = 3;
const MEGABYTE = 1024 * 1024;

/** What stays on the heap after a scan of many channels side by side. */
export async function memoryFigures(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  await using discord = await startChild<LeanDiscord>('lean-discord');
  await using walker = await startChild<WalkProcess>('walk-process');
  const { apiUrl } = await discord.call('open', { guildCount: 0 });
  const databaseUrl = await databases.create('memory');
  const heap = await walker.call('scan', { databaseUrl, apiUrl, ...SCANNED, warmUp: WARM_UP });
  const growth = (heap.afterBytes - heap.beforeBytes) / MEGABYTE;
  return [boundFigure('heap growth, 200,000 messages in 64 channels', growth, 'MB', GOAL_MB)];
}
