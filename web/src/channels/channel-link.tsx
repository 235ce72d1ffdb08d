import { Link } from '@tanstack/react-router';
import type { Channel } from '../../../src/http/contract.ts';
import { channelName, formatCount, formatNumber, plural } from '../display/format.ts';
import { ChevronIcon } from '../display/icons.tsx';
import { AgeMark } from './age-mark.tsx';
import { ChannelIcon } from './channel-icon.tsx';
import { ReadingDot } from './reading-dot.tsx';

type ChannelLinkProps = { channel: Channel; isOpen?: boolean; onChoose: () => void };

/** A channel or thread, and how many videos it has. `isOpen`: its threads are shown. */
export function ChannelLink({ channel, isOpen = false, onChoose }: ChannelLinkProps) {
  const isThread = channel.type?.endsWith('_thread') ?? false;
  const threads = plural(formatNumber(channel.threadCount), 'thread');
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
      {channel.threadCount > 0 && (
        <span title={threads} className="shrink-0">
          <ChevronIcon className={`size-3.5 opacity-70 ${isOpen ? '' : '-rotate-90'}`} />
          <span className="sr-only">, {threads}, </span>
        </span>
      )}
      {channel.isNsfw && <AgeMark />}
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
