import { useSearch } from '@tanstack/react-router';

/** Which videos the page shows: all, those of a guild, or those of a channel. Kept in the address. */
export type Scope = { guild?: string; channel?: string };

const ID = /^[1-9]\d{0,18}$/;

export function readScope(search: Record<string, unknown>): Scope {
  const { guild, channel } = search;
  if (typeof guild !== 'string' || !ID.test(guild)) return {};
  return typeof channel === 'string' && ID.test(channel) ? { guild, channel } : { guild };
}

export function useScope(): Scope {
  return useSearch({ from: '/library' });
}

export function scopeParameters({ guild, channel }: Scope) {
  return { guild_id: guild, channel_id: channel };
}
