import { Link } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { buttonClass } from '../display/button.tsx';
import { useNeedsSetup } from '../guilds/use-needs-setup.ts';

/** For managers: to where the channels that are read are chosen. */
export function ChooseChannelsLink({ guild }: { guild: Guild }) {
  const needsSetup = useNeedsSetup(guild);
  return (
    <Link
      to={needsSetup ? '/guilds/$guildId/setup' : '/guilds/$guildId/settings'}
      params={{ guildId: guild.id }}
      className={buttonClass()}
    >
      {needsSetup ? `Set up ${guild.name}` : `Choose channels of ${guild.name}`}
    </Link>
  );
}
