import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../src/lib/package-root.ts';
import type { Bench, Figure } from './main.ts';
import { report } from './scan/answer-calls.ts';
import { crawlFigures } from './scan/crawl.ts';
import { gatewayFigures } from './scan/gateway.ts';
import { growthFigures } from './scan/growth.ts';
import { memoryFigures } from './scan/memory.ts';
import { requestFigures } from './scan/requests.ts';

/** In the order of the table in docs/performance.md. */
const parts: Record<string, () => Promise<Figure[]>> = {
  crawl: crawlFigures,
  fetch: benchOf('fetch-cpu'),
  pace: benchOf('pace'),
  index: benchOf('index-pass'),
  requests: requestFigures,
  memory: memoryFigures,
  gateway: gatewayFigures,
  growth: growthFigures,
  kill: benchOf('kill'),
};

/**
 * All that is promised of the scan engine, in one table; `npm run bench -- scan growth` measures one part of it.
 * Needs a quiet machine: others on it take the caches, and the ratios grow.
 */
export const bench: Bench = async (wanted) => {
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0)
    throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    report(`scan: ${name} …`);
    const startedAt = performance.now();
    figures.push(...(await measure()));
    report(`scan: ${name} took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  return figures;
};

/** What another bench of this folder measures, as a part of this one. */
function benchOf(name: string): () => Promise<Figure[]> {
  return async () => {
    const file = join(packageRoot, 'bench', `${name}.ts`);
    if (!existsSync(file)) {
      report(`scan: there is no bench ${name}`);
      return [];
    }
    const { bench } = (await import(pathToFileURL(file).href)) as { bench: Bench };
    return bench([]);
  };
}
