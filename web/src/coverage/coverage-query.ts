import { useQuery } from '@tanstack/react-query';
import type { Coverage } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';
import { usePace } from '../guilds/guild-queries.ts';

export function useCoverage(channelId: string) {
  const pace = usePace();
  return useQuery({
    queryKey: ['coverage', channelId],
    queryFn: ({ signal }) => fetchJson<Coverage>(`/api/channels/${channelId}/coverage`, {}, signal),
    refetchInterval: pollIntervalMs(pace),
  });
}
