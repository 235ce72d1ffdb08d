import { onTestFinished } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import type { TransportLimits } from '../../src/discord/transport-request.ts';
import { type FaultStage, type FaultStageOptions, openFaultStage } from '../support/fault-stage.ts';
import { findDifferences } from '../support/truth.ts';
import { waitFor } from '../support/wait-for.ts';

export const MESSAGES = '/channels/:channel/messages';

/** Waits that are minutes for Discord's sake, in fractions of a second; but a late answer of a busy machine is no fault. */
export const impatient: Partial<TransportLimits> = {
  headersTimeoutMs: 10_000,
  totalTimeoutMs: 10_000,
  retryFirstMs: 20,
  retryMaxMs: 100,
  silentRefusalMs: 100,
  leastRefusalMs: 20,
};

export type RestStage = FaultStage & {
  /** Orders a fault for requests of a channel's messages, one unless told. */
  fail(fault: Record<string, unknown>): Promise<void>;
};

/** A stage whose programs are impatient; it is closed when the test ends. */
export async function openRestStage(
  limits: Partial<TransportLimits> = {},
  options: Partial<FaultStageOptions> = {},
): Promise<RestStage> {
  const program = { discordLimits: { ...impatient, ...limits } };
  const stage = await openFaultStage({ seed: 5, program, ...options });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  return Object.assign(stage, {
    fail: async (fault: Record<string, unknown>) => {
      await stage.sandbox.control('fail', { route: MESSAGES, ...fault });
    },
  });
}

/** How many ordered faults have met nobody yet. */
export async function faultsLeft({ sandbox }: FaultStage): Promise<number> {
  const { faults } = (await sandbox.control('faults')) as { faults: { remaining: number }[] };
  return faults.reduce((sum, fault) => sum + fault.remaining, 0);
}

/** Requests of channels' messages so far, those that met a fault included. */
export async function pagesAsked({ sandbox }: FaultStage): Promise<number> {
  return (await sandbox.requests())[`GET ${MESSAGES}`] ?? 0;
}

export type ParkedRun = { id: string; channelId: string; reason: string; until: Date };

export async function parkedRuns(db: Database): Promise<ParkedRun[]> {
  return db.query<ParkedRun>(sql`
    select r.id, r.channel_id as "channelId", w.parked_reason as reason, w.parked_until as until
    from bot_channel_scan_runs r join scan_run_walks w on w.run_id = r.id
    where r.status = 'running' and w.parked_until > now()`);
}

/** Waits until no run does anything any more but wait. */
export async function untilParked(db: Database): Promise<ParkedRun[]> {
  let parked: ParkedRun[] = [];
  await waitFor(async () => {
    parked = await parkedRuns(db);
    const [row] = await db.query<{ unfinished: number }>(sql`
      select count(*)::int as unfinished from bot_channel_scan_runs where status in ('queued', 'running')`);
    return parked.length > 0 && row?.unfinished === parked.length;
  });
  return parked;
}

/** As if the time of waiting were over. */
export async function endWaits(db: Database): Promise<void> {
  await db.query(sql`
    select graphile_worker.reschedule_jobs(array(
      select id from graphile_worker.jobs where run_at > now() and locked_by is null
    ), run_at => now())`);
}

export async function failedRuns(db: Database): Promise<{ channelId: string; message: string }[]> {
  return db.query(sql`
    select channel_id as "channelId", error_message as message from bot_channel_scan_runs where status = 'failed'`);
}

/** Like `settled`, where runs have failed and later ones made up for them. */
export async function untilComplete({ db, sandbox, load }: FaultStage): Promise<void> {
  await waitFor(async () => {
    const differences = await findDifferences(db, sandbox.world, load.ledger);
    return differences.every((line) => line.startsWith('run: {') && line.includes('"failed"'));
  });
}
