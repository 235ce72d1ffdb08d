import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GuildSetup } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { sendJson } from '../api/send-json.ts';

const POLL_MS = 3_000; // while nothing can be read: a permission that was granted shows by itself

type SetupOptions = { isAsked: boolean; isWatched: boolean };

/** @param options.isWatched Somebody waits for the bot to be let in. */
export function useSetup(guildId: string, { isAsked, isWatched }: SetupOptions) {
  return useQuery({
    queryKey: ['setup', guildId],
    queryFn: ({ signal }) => fetchJson<GuildSetup>(`/api/guilds/${guildId}/setup`, {}, signal),
    enabled: isAsked,
    refetchInterval: ({ state }) => (isWatched && state.data && isUnreadable(state.data) ? POLL_MS : false),
  });
}

/** The bot is there, but lacks what it needs in every channel that the viewer sees; or there is none. */
export function isUnreadable({ channels }: GuildSetup): boolean {
  return channels.every(({ missing }) => missing !== null);
}

export type SetupChoice = {
  channelIds: string[];
  scan: boolean;
  /** Only those that differ from what holds. */
  settings: Record<string, unknown>;
};

/** Settings first: they decide which of the channels may be read. */
export function useSetUp(guildId: string, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    async mutationFn({ channelIds, scan, settings }: SetupChoice) {
      if (Object.keys(settings).length > 0) {
        await sendJson('PATCH', `/api/guilds/${guildId}/settings`, settings);
      }
      await sendJson<unknown>('POST', `/api/guilds/${guildId}/setup`, { channelIds, scan });
    },
    async onSuccess() {
      onDone();
      await queryClient.invalidateQueries();
    },
  });
}
