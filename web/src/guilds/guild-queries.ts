import { useQuery } from '@tanstack/react-query';
import type { Guild, Page } from '../../../src/http/contract.ts';
import { fetchTimed } from '../api/fetch-json.ts';
import { type Pace, pollIntervalMs } from '../api/poll-interval.ts';

const openedAt = Date.now();
const START_MS = 60_000; // guilds, channels and first scans arrive within this after the page was opened
const CONNECT_MS = 6_000; // no guild after this: the bot is in none of the viewer’s. Logging in took Discord already

export function useGuilds() {
  return useQuery({
    queryKey: ['guilds'],
    queryFn: ({ signal }) => fetchTimed<Page<Guild>>('/api/guilds', {}, signal),
    select: (page) => page.items,
    refetchInterval: ({ state: { data, dataUpdatedAt } }) =>
      pollIntervalMs(paceOf(data?.items ?? [], dataUpdatedAt), data?.tookMs),
  });
}

export function usePace(): Pace {
  const { data: guilds = [], dataUpdatedAt } = useGuilds();
  return paceOf(guilds, dataUpdatedAt);
}

/** Of some of the guilds, as the page shows them. */
export function usePaceOf(guilds: Guild[]): Pace {
  return paceOf(guilds, useGuilds().dataUpdatedAt);
}

/** No guild is known, but the page is so young that Clipdex may still be on its way to Discord. */
export function useIsConnecting(): boolean {
  const { data: guilds, dataUpdatedAt } = useGuilds();
  return guilds?.length === 0 && dataUpdatedAt - openedAt < CONNECT_MS;
}

function paceOf(guilds: Guild[], readAt: number): Pace {
  const isAnyRead = guilds.some(({ states }) => states.read > 0);
  if (!isAnyRead && readAt - openedAt < START_MS) return 'starting';
  const isMoving = guilds.some(({ states }) => states.waiting + states.scanning > 0);
  return isMoving ? 'moving' : 'resting';
}
