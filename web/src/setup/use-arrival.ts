import { useEffect, useState } from 'react';
import { useGuild } from '../guilds/guild-query.ts';

const POLL_MS = 1_000;
const PATIENCE_MS = 30_000; // the gateway tells of a new guild within seconds

/** The guild of a bot that has just been added: it is here as soon as the gateway has told of it. */
export function useArrival(guildId: string) {
  const [attempt, setAttempt] = useState(0);
  const [isLate, setIsLate] = useState(false);
  const { data: guild, error, refetch } = useGuild(guildId, isLate ? false : POLL_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt has its own time
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [attempt]);
  return {
    /** Undefined: not asked yet; null: not here yet. */
    guild,
    error: guild ? null : error,
    isLate,
    retry() {
      setIsLate(false);
      setAttempt(attempt + 1);
      void refetch();
    },
  };
}
