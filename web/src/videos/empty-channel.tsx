import type { ReactNode } from 'react';
import type { Channel, Guild } from '../../../src/http/contract.ts';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { ChooseChannelsLink } from './choose-channels-link.tsx';
import { Looking } from './looking.tsx';

type EmptyChannelProps = { channel: Channel; guild: Guild };

/** Why the list of a channel or thread is empty: how far its own history is read decides. */
export function EmptyChannel({ channel, guild }: EmptyChannelProps) {
  if (!channel.isReading) return <SwitchedOff guild={guild} />;
  switch (stateOf(channel, guild)) {
    case 'waiting':
    case 'scanning':
      return <Looking />;
    case 'unread':
      return (
        <Told title="Not read yet">
          The history of this channel was not read so far. Whoever manages the server can start that above.
          New videos appear by themselves where the bot sees the channel.
        </Told>
      );
    case 'failed':
      return (
        <Told title="Its history could not be read">
          So nobody knows yet whether there are videos in this channel. Why it failed is told above, under
          “could not be read”.
        </Told>
      );
    default:
      return (
        <Told title="No videos here">
          No video was posted in this channel. New ones appear by themselves.
        </Told>
      );
  }
}

/** A forum holds only posts, and any of its guild's scans may be of one. */
function stateOf({ state }: Channel, { states }: Guild): Channel['state'] {
  return state ?? (states.waiting + states.scanning > 0 ? 'scanning' : null);
}

function SwitchedOff({ guild }: { guild: Guild }) {
  return (
    <Told title="Reading is switched off" action={guild.canManage && <ChooseChannelsLink guild={guild} />}>
      Clipdex does not read this channel, so videos that are posted in it do not appear.
      {!guild.canManage && ' Whoever manages the server can switch reading on.'}
    </Told>
  );
}

function Told({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <Notice icon={<FilmIcon className="size-8" />} title={title} action={action}>
      {children}
    </Notice>
  );
}
