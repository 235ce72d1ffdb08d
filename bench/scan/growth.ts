import type { Figure } from '../main.ts';
import { openBenchDatabases } from './bench-databases.ts';
import { startChild } from './child-program.ts';
import { plainFigure, ratioFigure } from './figures.ts';
import type { GrowthProcess, MessageCost } from './growth-process.ts';
import type { LeanDiscord } from './lean-discord.ts';
import { median } from './median.ts';

const ROUNDS = 48;
const GOAL = 1.1;

/**
 * Whether a message costs the same in a channel of which a million messages have been read as in one of ten thousand:
 * CPU of our process and time in PostgreSQL together, also where the coverage has a thousand holes.
 */
export async function growthFigures(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  await using discord = await startChild<LeanDiscord>('lean-discord');
  await using walker = await startChild<GrowthProcess>('growth-process');
  const { apiUrl } = await discord.call('open', { guildCount: 0 });
  const youngUrl = await databases.create('young');
  const oldUrl = await databases.create('old');
  const { young, old, holed } = await walker.call('measure', { youngUrl, oldUrl, apiUrl, rounds: ROUNDS });
  const against = (costs: readonly MessageCost[]) =>
    median(costs.map((cost, round) => total(cost) / total(young[round])));
  return [
    plainFigure('CPU of 1,000 messages, 10 k read before', median(young.map(({ cpuMs }) => cpuMs)), 'ms'),
    plainFigure('their statements in PostgreSQL', median(young.map(({ statementMs }) => statementMs)), 'ms'),
    ratioFigure('both at 1 M messages of one channel', against(old), GOAL),
    ratioFigure('both at 1 M messages and 1,000 holes', against(holed), GOAL),
    plainFigure('… their CPU', median(holed.map(({ cpuMs }) => cpuMs)), 'ms'),
    plainFigure(
      '… their statements in PostgreSQL',
      median(holed.map(({ statementMs }) => statementMs)),
      'ms',
    ),
  ];
}

function total(cost: MessageCost | undefined): number {
  return cost ? cost.cpuMs + cost.statementMs : Number.NaN;
}
