import { Link } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { buttonClass } from '../display/button.tsx';
import { LockIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';

/** @param props.what The guild, as in "set it up". */
export function ManagersOnly({ guild, what }: { guild: Guild; what: string }) {
  return (
    <Notice
      level={1}
      icon={<LockIcon className="size-8" />}
      title={`You do not manage ${guild.name}`}
      action={
        <Link to="/" search={{ guild: guild.id }} className={buttonClass()}>
          Go to its videos
        </Link>
      }
    >
      To {what}, one needs the permission Manage Server on Discord. Ask somebody who has it.
    </Notice>
  );
}
