import type { Guild } from '../../../src/http/contract.ts';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { ChooseChannelsLink } from './choose-channels-link.tsx';

/** No channel of these guilds is read: whoever manages one is led to where that is changed. */
export function NothingRead({ guilds }: { guilds: Guild[] }) {
  const managed = guilds.find(({ canManage }) => canManage);
  return (
    <Notice
      icon={<FilmIcon className="size-8" />}
      title="Nothing is read here yet"
      action={managed && <ChooseChannelsLink guild={managed} />}
    >
      {managed
        ? 'No channel has been chosen so far. Clipdex reads only those that you choose.'
        : 'Somebody who manages the server has to choose its channels first.'}
    </Notice>
  );
}
