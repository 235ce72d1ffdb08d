import { useQuery } from '@tanstack/react-query';
import type { Guild } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { isNotFound } from '../api/request-error.ts';

/** One guild; null: it is not here, or the viewer does not see it. `pollMs`: as long as it is not here. */
export function useGuild(id: string, pollMs: number | false = false) {
  return useQuery({
    queryKey: ['guild', id],
    queryFn: ({ signal }) => findGuild(id, signal),
    refetchInterval: ({ state }) => (state.data ? false : pollMs),
  });
}

async function findGuild(id: string, signal: AbortSignal): Promise<Guild | null> {
  try {
    return await fetchJson<Guild>(`/api/guilds/${encodeURIComponent(id)}`, {}, signal);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
