import { Link } from '@tanstack/react-router';
import type { Channel, Guild } from '../../../src/http/contract.ts';
import { channelName, formatCount } from '../display/format.ts';
import { useChannels } from '../guilds/guild-queries.ts';
import { ChannelIcon } from './channel-icon.tsx';
import { orderChannels } from './order-channels.ts';
import { ReadingDot } from './reading-dot.tsx';

type ChannelListProps = { guild: Guild; onChoose: () => void };

/** The channels of a guild with their reading state; categories, which hold no messages, are left out. */
export function ChannelList({ guild, onChoose }: ChannelListProps) {
  const { data: channels, error, refetch } = useChannels(guild.id);
  if (error && channels === undefined) {
    return (
      <p className="px-2 py-2 text-sm text-muted">
        The channels could not be loaded.{' '}
        <button type="button" onClick={() => void refetch()} className="font-semibold text-accent underline">
          Try again
        </button>
      </p>
    );
  }
  if (channels === undefined)
    return <div className="mt-1 ml-3.5 h-40 animate-shimmer rounded-lg bg-raised" />;
  return (
    <ul aria-label={`Channels of ${guild.name}`} className="mt-1 mb-2 ml-3.5 border-l border-line pl-1.5">
      {orderChannels(channels).map((channel) => (
        <li key={channel.id}>
          <ChannelLink channel={channel} onChoose={onChoose} />
        </li>
      ))}
    </ul>
  );
}

function ChannelLink({ channel, onChoose }: { channel: Channel; onChoose: () => void }) {
  const isThread = channel.type?.endsWith('_thread') ?? false;
  return (
    <Link
      to="/"
      search={{ guild: channel.guildId, channel: channel.id }}
      onClick={onChoose}
      activeOptions={{ exact: true, includeSearch: true }}
      className={`flex items-center gap-1.5 rounded-lg py-1 pr-2 text-sm text-muted hover:bg-raised hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:font-semibold aria-[current=page]:text-ink ${isThread ? 'pl-6' : 'pl-2'}`}
    >
      <ChannelIcon type={channel.type} />
      <span className="truncate">{channelName(channel.name)}</span>
      {channel.isNsfw && (
        <span className="rounded border border-line px-1 text-[0.65rem] leading-4" title="Age-restricted">
          18+
        </span>
      )}
      <span className="ml-auto flex shrink-0 items-center gap-1.5">
        {channel.videoCount.value > 0 && (
          <span className="text-xs tabular-nums">
            {formatCount(channel.videoCount)}
            <span className="sr-only"> videos</span>
          </span>
        )}
        {channel.state && <ReadingDot state={channel.state} />}
      </span>
    </Link>
  );
}
