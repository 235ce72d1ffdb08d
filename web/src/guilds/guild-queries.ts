import { useQuery } from '@tanstack/react-query';
import type { Channel, Guild, Page } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';

export function useGuilds() {
  return useQuery({
    queryKey: ['guilds'],
    queryFn: ({ signal }) => fetchJson<Page<Guild>>('/api/guilds', {}, signal),
    select: (page) => page.items,
    refetchInterval: (query) => pollIntervalMs(isMoving(query.state.data?.items ?? [])),
  });
}

export function useChannels(guildId: string | undefined) {
  const moving = useIsMoving();
  return useQuery({
    queryKey: ['channels', guildId],
    queryFn: ({ signal }) => fetchJson<Page<Channel>>(`/api/guilds/${guildId}/channels`, {}, signal),
    select: (page) => page.items,
    enabled: guildId !== undefined,
    refetchInterval: pollIntervalMs(moving),
  });
}

/** True while any run is queued or running: then everything on the page may change. */
export function useIsMoving(): boolean {
  return isMoving(useGuilds().data ?? []);
}

function isMoving(guilds: Guild[]): boolean {
  return guilds.some(({ states }) => states.waiting + states.scanning > 0);
}
