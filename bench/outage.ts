import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../src/db/database.ts';
import { createLogger } from '../src/lib/log.ts';
import { faultWorld } from '../test/support/fault-world.ts';
import { createLiveLoad } from '../test/support/live-load.ts';
import { startOwnPostgres } from '../test/support/own-postgres.ts';
import { startProgram, startTestSandbox } from '../test/support/program.ts';
import { findDifferences, untilEqual } from '../test/support/truth.ts';
import type { Figure } from './main.ts';
import { boundFigure } from './scan/figures.ts';

const DATABASE_OUTAGE_MS = 30_000;
const GATEWAY_OUTAGE_MS = 60_000;
const CATCH_UP_GOAL_SECS = 90; // the longest pauses between two attempts, and the work
const LOAD_PAUSE_MS = 20;

/** Outages in their full length, while people post, edit and delete: how soon all is as it should be, and what is not. */
export async function bench(): Promise<Figure[]> {
  await using postgres = await startOwnPostgres();
  const world = faultWorld({ closed: 0 });
  const sandbox = await startTestSandbox(world.world);
  const db = new Database(postgres.url, createLogger('silent'));
  const program = await startProgram(postgres.url, sandbox);
  const load = createLiveLoad({ sandbox, faultWorld: world, seed: 1, pauseMs: LOAD_PAUSE_MS });

  async function outlive(name: string, outage: () => Promise<void>): Promise<Figure[]> {
    await untilEqual(db, sandbox.world, load.ledger);
    const stopLoad = load.begin();
    await outage().finally(stopLoad);
    const overAt = performance.now();
    await untilEqual(db, sandbox.world, load.ledger).catch(() => {}); // the differences are a figure
    const catchUpSecs = (performance.now() - overAt) / 1000;
    const differences = await findDifferences(db, sandbox.world, load.ledger);
    return [
      boundFigure(`${name}: differences`, differences.length, 'rows', 0),
      boundFigure(`${name}: until all is caught up`, catchUpSecs, 's', CATCH_UP_GOAL_SECS),
    ];
  }

  try {
    return [
      ...(await outlive('PostgreSQL away for 30 s', async () => {
        await postgres.stop('fast');
        await delay(DATABASE_OUTAGE_MS);
        await postgres.start();
      })),
      ...(await outlive('gateway away for 60 s', async () => {
        await sandbox.control('gateway-faults', { is_down: true });
        await sandbox.control('drop-gateway');
        await delay(GATEWAY_OUTAGE_MS);
        await sandbox.control('gateway-faults', { is_down: false });
      })),
    ];
  } finally {
    await program.stop();
    await sandbox.close();
    await db.close();
  }
}
