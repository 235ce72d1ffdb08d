import { Agent, get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Figure } from './main.ts';
import { channelIds, type LimitedChild, openRest, startLimitedChild } from './pace/limited-child.ts';
import { cpuMsOf } from './scan/cpu-time.ts';
import { ratioFigure } from './scan/figures.ts';
import { median } from './scan/median.ts';

const ROUNDS = 21;
const WARM_UP_ROUNDS = 5; // until the compiler has seen everything
const PAGES_PER_ROUND = 50;
const GOAL = 1.1;
const UNPACED = 1_000_000;
const [CHANNEL = ''] = channelIds(1);

/**
 * CPU that a page of 100 messages costs when our client reads it, as a multiple of a program that only asks and parses;
 * with and without compression, which both then undo.
 */
export async function bench(): Promise<Figure[]> {
  await using child = startLimitedChild();
  return [
    ratioFigure('CPU of a page, our fetch', await measure(child, 'full'), GOAL),
    ratioFigure('CPU of a gzipped page, our fetch', await measure(child, 'gzipped'), GOAL),
  ];
}

async function measure(child: LimitedChild, page: 'full' | 'gzipped'): Promise<number> {
  const unlimited = { perSecond: null, perLane: null, headers: 'honest', latencyMs: 0 } as const;
  const apiUrl = await child.open({ ...unlimited, page });
  const rest = openRest(apiUrl, { requestsPerSecond: UNPACED });
  const agent = new Agent({ keepAlive: true });
  const url = `${apiUrl}/v10/channels/${CHANNEL}/messages?limit=100`;
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round += 1) {
    const bareMs = await cpuMsOf(() => readPages(() => readBare(url, agent)));
    const ourMs = await cpuMsOf(() => readPages(() => rest.listMessages(CHANNEL, { limit: 100 })));
    if (round >= WARM_UP_ROUNDS) ratios.push(ourMs / bareMs);
  }
  agent.destroy();
  await rest.close();
  return median(ratios);
}

async function readPages(readPage: () => Promise<unknown>): Promise<void> {
  for (let page = 0; page < PAGES_PER_ROUND; page += 1) await readPage();
}

/** The least that any program must do. */
function readBare(url: string, agent: Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bot bench.token', 'accept-encoding': 'gzip' };
    get(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        const isGzipped = response.headers['content-encoding'] === 'gzip';
        resolve(JSON.parse((isGzipped ? gunzipSync(body) : body).toString('utf8')));
      });
      response.on('error', reject);
    }).on('error', reject);
  });
}
