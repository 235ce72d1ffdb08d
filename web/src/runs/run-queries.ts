import { useQuery } from '@tanstack/react-query';
import type { Page, Run } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';
import { useIsMoving } from '../guilds/guild-queries.ts';

const MOVING_LIMIT = 48; // more than one worker runs side by side, so that the strip can choose its rows
const FAILED_LIMIT = 20;

/** Unfinished runs, then the newest finished ones. */
export function useRuns(guildId: string | undefined) {
  const moving = useIsMoving();
  return useQuery({
    queryKey: ['runs', guildId],
    queryFn: ({ signal }) =>
      fetchJson<Page<Run>>('/api/runs', { guild_id: guildId, limit: MOVING_LIMIT }, signal),
    select: (page) => page.items,
    refetchInterval: pollIntervalMs(moving),
  });
}

export function useFailedRuns(guildId: string | undefined, isWanted: boolean) {
  return useQuery({
    queryKey: ['runs', guildId, 'failed'],
    queryFn: ({ signal }) =>
      fetchJson<Page<Run>>('/api/runs', { guild_id: guildId, status: 'failed', limit: FAILED_LIMIT }, signal),
    select: (page) => page.items,
    enabled: isWanted,
  });
}
