import { useQuery } from '@tanstack/react-query';
import type { OwnGuild, Page } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';

/** The viewer's guilds on Discord, whether or not the bot is there. */
export function useOwnGuilds() {
  return useQuery({
    queryKey: ['own-guilds'],
    queryFn: ({ signal }) => fetchJson<Page<OwnGuild>>('/api/me/guilds', {}, signal),
    select: (page) => page.items,
  });
}
