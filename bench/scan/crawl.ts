import type { Figure } from '../main.ts';
import { openBenchDatabases } from './bench-databases.ts';
import { startChild } from './child-program.ts';
import type { CrawlProcess, CrawlWay } from './crawl-process.ts';
import { plainFigure, ratioFigure } from './figures.ts';
import type { LeanDiscord } from './lean-discord.ts';
import { median } from './median.ts';

const ROUNDS = 16; // a multiple of the ways, so that each is the first as often
const FETCH_GOAL = 1.1;
const ENGINE_GOAL = 2;

/**
 * What reading a history costs: CPU of the process that reads, PostgreSQL's left out, as a multiple of a program that
 * only asks and parses. discord.js is measured beside it where it is installed, in a folder that the product does not
 * see: `npm install --prefix bench/discord-js --no-save discord.js@14`.
 */
export async function crawlFigures(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  await using discord = await startChild<LeanDiscord>('lean-discord');
  await using crawler = await startChild<CrawlProcess>('crawl-process');
  const { apiUrl } = await discord.call('open', { guildCount: 0 });
  const databaseUrl = await databases.create('crawl');
  const times = await crawler.call('measure', { databaseUrl, apiUrl, rounds: ROUNDS });
  const against = (way: CrawlWay) =>
    median((times[way] ?? []).map((ms, round) => ms / (times.bare?.[round] ?? Number.NaN)));
  const figures = [
    plainFigure('CPU of 1,000 messages, bare node:http and JSON.parse', median(times.bare ?? []), 'ms'),
    ratioFigure('… our fetch', against('fetch'), FETCH_GOAL),
    ratioFigure('… fetch, extract, commit', against('engine'), ENGINE_GOAL),
  ];
  if (times.discordJs)
    return [...figures, plainFigure('… discord.js, channel.messages.fetch', against('discordJs'), '× bare')];
  process.stderr.write(
    'crawl: discord.js is not installed; npm install --prefix bench/discord-js --no-save discord.js@14\n',
  );
  return figures;
}
