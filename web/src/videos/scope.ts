import { useSearch } from '@tanstack/react-router';
import { isId } from '../api/is-id.ts';

/** Which videos the page shows: all, those of a guild, or those of a channel. Kept in the address. */
export type Scope = { guild?: string; channel?: string };

export function readScope(search: Record<string, unknown>): Scope {
  const { guild, channel } = search;
  if (!isId(guild)) return {};
  return isId(channel) ? { guild, channel } : { guild };
}

/** What the address says and `readScope` does not take, the router passes on: it is read again. */
export function useScope(): Scope {
  return useSearch({ from: '/viewer/library', select: readScope, structuralSharing: true });
}

export function scopeParameters({ guild, channel }: Scope) {
  return { guild_id: guild, channel_id: channel };
}
