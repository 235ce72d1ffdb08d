/**
 * The one list of all jobs: what each is called, what it is given, and when it runs by itself.
 * What a job does stands with its noun; app.ts puts both together.
 */
export type JobPayloads = {
  /** Walks the channel of a run. */
  scan_run: { runId: string };
  /** Deletes install intents that have expired. */
  purge_install_intents: object;
  /** Forgets deletions that no page on its way can contradict any more. */
  purge_deleted_messages: object;
  /** Deletes guilds that we were removed from longer ago than the grace time. */
  delete_departed_guilds: object;
  /** Gives unfinished runs a job again whose job was lost or used up its attempts. */
  revive_scan_runs: object;
};

export type JobName = keyof JobPayloads;

/** What runs by the clock (cron, UTC). One machine runs each, however many workers there are. */
export const schedules: Partial<Record<JobName, string>> = {
  purge_install_intents: '*/30 * * * *',
  purge_deleted_messages: '*/10 * * * *',
  delete_departed_guilds: '15 * * * *',
  revive_scan_runs: '* * * * *',
};

/** What a job is given besides its payload. The signal aborts when this worker must stop soon. */
export type JobContext = { signal: AbortSignal };

export type JobHandlers = {
  [Name in JobName]: (payload: JobPayloads[Name], context: JobContext) => Promise<void>;
};

/** Lower runs first: what a person asked for, then what was missed, then what nobody waits for. */
export const scanPriority = { person: 0, catch_up: 10, auto: 20 } as const;

export const scanJobKey = (runId: string): string => `scan_run:${runId}`;
