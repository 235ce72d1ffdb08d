import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Guild, Page, Run, Video } from '../src/http/contract.ts';
import { packageRoot } from '../src/lib/package-root.ts';
import { generateWorld } from '../src/sandbox/generate/generate-world.ts';
import { worldSummary } from '../src/sandbox/world-summary.ts';
import { TestBrowser } from '../test/support/test-browser.ts';
import type { Figure } from './main.ts';

const PAGE_GOAL_SECS = 15;
const WORLD_GOAL_SECS = 60;
const STOP_GOAL_SECS = 5;
const DEADLINE_SECS = 120;
const POLL_MS = 50;

/**
 * What a newcomer waits for: `npm start` on a fresh data directory, from the key press to the page with videos after a
 * login, to the whole sandbox world indexed, to the end after Ctrl-C. Needs free ports 3000 and 3001, and an installed tree.
 */
export async function bench(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-bench-'));
  await rm(dataDir, { recursive: true }); // made by the program, with the rights that it needs
  const startedAt = performance.now();
  const secsSince = (from: number) => Math.round((performance.now() - from) / 10) / 100;
  const world = generateWorld(1);
  const [someone] = [...world.users.values()].filter((user) => !user.bot);
  const operatorId = someone?.id ?? '';
  const browser = new TestBrowser('http://127.0.0.1:3000');
  const program = spawn('npm', ['start'], {
    cwd: packageRoot,
    env: { ...process.env, DATA_DIR: dataDir, OPERATOR_IDS: operatorId },
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(program, 'exit');
  try {
    await until(async () => (await browser.logIn(operatorId)) === '/');
    const get = <Body>(path: string) => browser.read<Body>(path);
    await until(async () => (await get<Page<Video>>('/api/videos?limit=1')).items.length > 0);
    const pageSecs = secsSince(startedAt);
    const { readableForAll } = worldSummary(world);
    await until(async () => {
      const { items } = await get<Page<Guild>>('/api/guilds');
      const unfinished = await get<Page<Run>>('/api/runs?status=running&limit=1');
      const queued = await get<Page<Run>>('/api/runs?status=queued&limit=1');
      const count = items.reduce((sum, guild) => sum + guild.videoCount.value, 0);
      return count > readableForAll.videos / 2 && unfinished.items.length + queued.items.length === 0;
    });
    const worldSecs = secsSince(startedAt);
    const askedAt = performance.now();
    process.kill(-(program.pid ?? 0), 'SIGINT'); // to the whole group, as a terminal does
    await ended;
    return [
      figure('npm start to page with videos', pageSecs, PAGE_GOAL_SECS),
      figure('npm start to whole sandbox indexed', worldSecs, WORLD_GOAL_SECS),
      figure('Ctrl-C to end', secsSince(askedAt), STOP_GOAL_SECS),
    ];
  } finally {
    if (program.exitCode === null && program.signalCode === null) {
      process.kill(-(program.pid ?? 0), 'SIGTERM');
      await ended;
    }
    await rm(dataDir, { recursive: true, force: true });
  }
}

function figure(name: string, value: number, goal: number): Figure {
  return { name, value, unit: 's', baseline: null, goal, holds: value < goal };
}

/** Asks again until it holds; refused connections mean "not yet". */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_SECS * 1000;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`not reached within ${DEADLINE_SECS} s`);
    await delay(POLL_MS);
  }
}
