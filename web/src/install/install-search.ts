import { isId } from '../api/is-id.ts';

const outcomes = [
  'denied',
  'expired',
  'foreign',
  'wrong_guild',
  'refused',
  'unavailable',
  'busy',
  'not_logged_in',
  'not_a_manager',
  'already_installed',
] as const;

export type InstallOutcome = (typeof outcomes)[number];
export type InstallSearch = { outcome?: InstallOutcome; guild_id?: string };

/** As `readScope`: both the router and the pages read with it. */
export function readInstallSearch(search: Record<string, unknown>): InstallSearch {
  const outcome = outcomes.find((known) => known === search.outcome);
  const { guild_id: guildId } = search;
  return { ...(outcome && { outcome }), ...(isId(guildId) && { guild_id: guildId }) };
}
