import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Channel, ReadingSwitch } from '../../../src/http/contract.ts';
import { sendJson } from '../api/send-json.ts';

/** Switches the reading of one channel, and of its threads. */
export function useChannelSwitch(channelId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (isReading: boolean) =>
      sendJson<Channel>('PATCH', `/api/channels/${channelId}`, { isReading }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}

export function useBulkSwitch(guildId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: { channelIds: string[]; isReading: boolean }) =>
      sendJson<ReadingSwitch>('PATCH', `/api/guilds/${guildId}/channels`, change),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}
