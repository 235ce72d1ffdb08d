import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Channel, Page } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';
import { isNotFound } from '../api/request-error.ts';
import { usePace } from '../guilds/guild-queries.ts';

const THREADS_AT_ONCE = 20; // a channel may have thousands, and the channels below it should stay in reach

/** The channels of a guild, without their threads. */
export function useChannels(guildId: string | undefined) {
  const pace = usePace();
  return useQuery({
    queryKey: ['channels', guildId],
    queryFn: ({ signal }) => fetchJson<Page<Channel>>(`/api/guilds/${guildId}/channels`, {}, signal),
    select: (page) => page.items,
    enabled: guildId !== undefined,
    refetchInterval: pollIntervalMs(pace),
  });
}

/** A channel or thread by its id; null: it is not here. */
export function useChannel(id: string | undefined) {
  const pace = usePace();
  return useQuery({
    queryKey: ['channel', id],
    queryFn: ({ signal }) => findChannel(id ?? '', signal),
    enabled: id !== undefined,
    refetchInterval: pollIntervalMs(pace),
  });
}

/** The threads of a channel, the newest first, some at a time. */
export function useThreads(channelId: string) {
  const pace = usePace();
  return useInfiniteQuery({
    queryKey: ['threads', channelId],
    queryFn: ({ pageParam, signal }) =>
      fetchJson<Page<Channel>>(
        `/api/channels/${channelId}/threads`,
        { cursor: pageParam, limit: THREADS_AT_ONCE },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: pollIntervalMs(pace),
  });
}

async function findChannel(id: string, signal: AbortSignal): Promise<Channel | null> {
  try {
    return await fetchJson<Channel>(`/api/channels/${id}`, {}, signal);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
