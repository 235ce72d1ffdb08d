import { Link } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { buttonClass } from '../display/button.tsx';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { useNeedsSetup } from '../guilds/use-needs-setup.ts';

/** No channel of these guilds is read: whoever manages one is led to where that is changed. */
export function NothingRead({ guilds }: { guilds: Guild[] }) {
  const managed = guilds.find(({ canManage }) => canManage);
  const needsSetup = useNeedsSetup(managed);
  return (
    <Notice
      icon={<FilmIcon className="size-8" />}
      title="Nothing is read here yet"
      action={
        managed && (
          <Link
            to={needsSetup ? '/guilds/$guildId/setup' : '/guilds/$guildId/settings'}
            params={{ guildId: managed.id }}
            className={buttonClass()}
          >
            {needsSetup ? `Set up ${managed.name}` : `Choose channels of ${managed.name}`}
          </Link>
        )
      }
    >
      {managed
        ? 'No channel has been chosen so far. Clipdex reads only those that you choose.'
        : 'Somebody who manages the server has to choose its channels first.'}
    </Notice>
  );
}
