import { Link } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { buttonClass } from '../display/button.tsx';
import { CheckIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';

export function SetUpAlready({ guild }: { guild: Guild }) {
  return (
    <Notice
      level={1}
      icon={<CheckIcon className="size-8" />}
      title={`${guild.name} is set up`}
      action={
        <>
          <Link to="/" search={{ guild: guild.id }} className={buttonClass()}>
            Go to its videos
          </Link>
          <Link
            to="/guilds/$guildId/settings"
            params={{ guildId: guild.id }}
            className={buttonClass('quiet')}
          >
            Change its settings
          </Link>
        </>
      }
    >
      Nothing has to be chosen: its channels are read as its settings say, and those can be changed at any
      time.
    </Notice>
  );
}
