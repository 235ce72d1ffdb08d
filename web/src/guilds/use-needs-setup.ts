import type { Guild } from '../../../src/http/contract.ts';
import { useSetup } from '../setup/setup-queries.ts';

/** The viewer may set the guild up, and nobody has yet. Where something is read, somebody has. */
export function useNeedsSetup(guild: Guild | undefined): boolean {
  const isAsked = guild?.canManage === true && guild.readingCount === 0;
  const { data: setup } = useSetup(guild?.id ?? '', { isAsked, isWatched: false });
  return isAsked && setup?.isSetUp === false;
}
