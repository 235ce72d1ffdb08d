import { type Sql, sql } from './database.ts';

/** The states of a scan run; the last three are final. */
export const scanStatuses = ['queued', 'running', 'succeeded', 'failed', 'canceled'] as const;
export type ScanStatus = (typeof scanStatuses)[number];

export type ScanEvent = 'start' | 'succeed' | 'fail' | 'cancel';

/** Where each event leads from each state; null: refused. A running run is started again by the worker that takes it over. */
export const scanTransitions: Record<ScanStatus, Record<ScanEvent, ScanStatus | null>> = {
  queued: { start: 'running', succeed: null, fail: 'failed', cancel: 'canceled' },
  running: { start: 'running', succeed: 'succeeded', fail: 'failed', cancel: 'canceled' },
  succeeded: { start: null, succeed: null, fail: null, cancel: null },
  failed: { start: null, succeed: null, fail: null, cancel: null },
  canceled: { start: null, succeed: null, fail: null, cancel: null },
};

/** One column of the table, as two arrays for SQL's `unnest`. */
export function movesOn(event: ScanEvent): { from: ScanStatus[]; to: ScanStatus[] } {
  const from = scanStatuses.filter((status) => scanTransitions[status][event] !== null);
  return { from, to: from.flatMap((status) => scanTransitions[status][event] ?? []) };
}

/** The same as rows that a statement can join. */
export function movesFor(event: ScanEvent): Sql {
  const { from, to } = movesOn(event);
  return sql`unnest(${from}::scan_status[], ${to}::scan_status[]) as move (from_status, to_status)`;
}
