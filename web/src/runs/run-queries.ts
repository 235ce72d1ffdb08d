import { useQuery } from '@tanstack/react-query';
import type { Page, Run } from '../../../src/http/contract.ts';
import { fetchJson, fetchTimed } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';
import { usePace } from '../guilds/guild-queries.ts';

const MOVING_LIMIT = 48; // more than one worker runs side by side, so that the strip can choose its rows
const FAILED_LIMIT = 100; // the most that the server answers at once

/** Unfinished runs, then the newest finished ones. */
export function useRuns(guildId: string | undefined) {
  const pace = usePace();
  return useQuery({
    queryKey: ['runs', guildId],
    queryFn: ({ signal }) =>
      fetchTimed<Page<Run>>('/api/runs', { guild_id: guildId, limit: MOVING_LIMIT }, signal),
    select: (list) => list.items,
    refetchInterval: ({ state }) => pollIntervalMs(pace, state.data?.tookMs),
  });
}

/**
 * The failures that stand: one for each channel whose newest run failed. Shown only to who opens them, beside a count
 * of another answer, so they are asked for often even while nothing moves: a retry may fail between the two answers.
 */
export function useFailedRuns(guildId: string | undefined) {
  return useQuery({
    queryKey: ['runs', guildId, 'failed'],
    queryFn: ({ signal }) =>
      fetchJson<Page<Run>>(
        '/api/runs',
        { guild_id: guildId, status: 'failed', newest: 'true', limit: FAILED_LIMIT },
        signal,
      ),
    select: (list) => list.items,
    refetchInterval: pollIntervalMs('moving'),
  });
}
