import { Link } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { GearIcon } from '../display/icons.tsx';
import { useNeedsSetup } from './use-needs-setup.ts';

/** For managers: to the set-up of a guild where none was made, else to its settings. */
export function GuildActions({ guild }: { guild: Guild }) {
  const needsSetup = useNeedsSetup(guild);
  if (needsSetup) {
    return (
      <Link
        to="/guilds/$guildId/setup"
        params={{ guildId: guild.id }}
        aria-label={`Set up ${guild.name}`}
        className="ml-1 shrink-0 rounded-full bg-accent px-2.5 py-1 text-xs font-semibold text-on-accent hover:opacity-90"
      >
        Set up
      </Link>
    );
  }
  return (
    <Link
      to="/guilds/$guildId/settings"
      params={{ guildId: guild.id }}
      aria-label={`Settings of ${guild.name}`}
      title="Settings"
      className="ml-0.5 shrink-0 rounded-lg p-1.5 text-muted hover:bg-raised hover:text-ink"
    >
      <GearIcon className="size-4" />
    </Link>
  );
}
