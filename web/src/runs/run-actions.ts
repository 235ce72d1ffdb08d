import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChannelScan, Run } from '../../../src/http/contract.ts';
import { sendJson } from '../api/send-json.ts';
import { useGuilds } from '../guilds/guild-queries.ts';

/** Whether the viewer may start and end scans there. */
export function useCanManage(guildId: string): boolean {
  const { data: guilds } = useGuilds();
  return guilds?.find(({ id }) => id === guildId)?.canManage === true;
}

/** Ends a run; what it has read stays read. */
export function useCancelRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (runId: string) => sendJson<Run>('POST', `/api/runs/${runId}/cancel`),
    onSettled: () => refreshRuns(queryClient),
  });
}

/** Reads what a run that failed or was canceled left. */
export function useRetryRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (runId: string) => sendJson<Run>('POST', `/api/runs/${runId}/retry`),
    onSettled: () => refreshRuns(queryClient),
  });
}

/** Reads what of a channel is not read yet. */
export function useScanChannel(channelId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => sendJson<ChannelScan>('POST', `/api/channels/${channelId}/runs`, {}),
    onSettled: () => refreshRuns(queryClient),
  });
}

const moved: ReadonlySet<unknown> = new Set(['runs', 'guilds', 'channels', 'channel', 'threads', 'coverage']);

function refreshRuns(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ predicate: ({ queryKey }) => moved.has(queryKey[0]) });
}
