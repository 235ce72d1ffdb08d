import type { VideosOf } from '../db/reevaluate-videos.ts';

/**
 * The one list of all jobs: what each is called, what it is given, and when it runs by itself.
 * What a job does stands with its noun; app.ts puts both together.
 */
export type JobPayloads = {
  /** Walks the channel of a run. */
  scan_run: { runId: string };
  /** Goes through Discord's search index of a guild. */
  index_guild: { passId: string };
  /** Decides anew which stored files count as videos: a setting has changed. */
  reevaluate_videos: VideosOf;
  /** Lists the threads of a guild, or of one channel, as far as they are due, and scans what is not covered of them. */
  list_threads: {
    guildId: string;
    channelId?: string;
    requestedBy: 'person' | 'auto';
    /** How often it has waited for Discord so far. */
    waitCount?: number;
  };
  /** Lists the threads of channels of which nothing told since we were away. */
  list_unseen_threads: object;
  /** Deletes install intents that have expired. */
  purge_install_intents: object;
  /** Deletes sessions and API tokens that have expired, grants that no session needs, and rate limits that are full again. */
  purge_expired_sessions: object;
  /** Forgets deletions that no page on its way can contradict any more. */
  purge_deleted_messages: object;
  /** Deletes guilds that we were removed from longer ago than the grace time. */
  delete_departed_guilds: object;
  /** Deletes authors of whom no video is left, as their guild or channel was deleted. */
  delete_unused_authors: object;
  /** Deletes runs that ended longer ago than the history is kept. */
  prune_scan_runs: object;
  /** Gives unfinished runs, and index passes, a job again whose job was lost or used up its attempts. */
  revive_scan_runs: object;
};

export type JobName = keyof JobPayloads;

/** What runs by the clock, and what for. */
export const scheduledJobs = {
  list_unseen_threads: 'lists the threads of channels of which nothing told since we were away',
  purge_install_intents: 'deletes install intents that have expired',
  purge_expired_sessions: 'deletes expired sessions and API tokens, and grants that no session needs',
  purge_deleted_messages: 'forgets deletions that nothing can contradict any more',
  delete_departed_guilds: 'deletes guilds that the bot left longer ago than the grace time',
  delete_unused_authors: 'deletes authors of whom no video is left',
  prune_scan_runs: 'deletes runs that ended longer ago than the history is kept',
  revive_scan_runs: 'gives unfinished runs and index passes a job again',
} satisfies Partial<Record<JobName, string>>;

export type ScheduledJobName = keyof typeof scheduledJobs;

export const scheduledJobNames = Object.keys(scheduledJobs) as ScheduledJobName[];

/** When (cron, UTC). One machine runs each, however many workers there are. */
export function schedulesOf(config: {
  installIntents: { purgeCron: string };
}): Record<ScheduledJobName, string> {
  return {
    list_unseen_threads: '40 3 * * *',
    purge_install_intents: config.installIntents.purgeCron,
    purge_expired_sessions: '10 * * * *',
    purge_deleted_messages: '*/10 * * * *',
    delete_departed_guilds: '15 * * * *',
    delete_unused_authors: '50 4 * * *',
    prune_scan_runs: '25 4 * * *',
    revive_scan_runs: '* * * * *',
  };
}

/** What a job is given besides its payload. The signal aborts when this worker must stop soon. */
export type JobContext = { signal: AbortSignal };

/** What a scheduled job did, in counts; null: another process is doing it at this moment. */
export type JobReport = Readonly<Record<string, number>> | null;

export type JobHandlers = {
  [Name in JobName]: (
    payload: JobPayloads[Name],
    context: JobContext,
  ) => Promise<Name extends ScheduledJobName ? JobReport : void>;
};

/**
 * Lower runs first: what a person asked for, then what was missed, then what nobody waits for. A run adds its place in
 * the line of its guild, so each of these has room for 9,999 places.
 */
export const scanPriority = { person: 0, catch_up: 10_000, auto: 20_000 } as const;

export const scanJobKey = (runId: string): string => `scan_run:${runId}`;

/** As the first walk of its guild, before which it is queued: it shows within minutes what walks take hours to prove. */
export const indexPriority = { person: scanPriority.person + 1, auto: scanPriority.auto + 1 } as const;

export const indexJobKey = (passId: string): string => `index_guild:${passId}`;

/** One waiting job per kind of request, so that none replaces what another asks for. */
export const threadsJobKey = ({ guildId, channelId, requestedBy }: JobPayloads['list_threads']): string =>
  `list_threads:${channelId ?? guildId}:${requestedBy}`;
