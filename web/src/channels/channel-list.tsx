import type { Guild } from '../../../src/http/contract.ts';
import { useChosen } from '../guilds/use-chosen.ts';
import { useScope } from '../videos/scope.ts';
import { ChannelLink } from './channel-link.tsx';
import { useChannels } from './channel-queries.ts';
import { ThreadList } from './thread-list.tsx';

type ChannelListProps = { guild: Guild; onChoose: () => void };

/**
 * The channels of a guild with their reading state, the threads of the chosen one below it. Categories, which hold no
 * messages, are left out.
 */
export function ChannelList({ guild, onChoose }: ChannelListProps) {
  const { data: channels, error, refetch } = useChannels(guild.id);
  const { channel: chosen } = useChosen(useScope());
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
      {channels
        .filter(({ type }) => type !== 'category')
        .map((channel) => {
          const isOpen = channel.threadCount > 0 && [chosen?.id, chosen?.parentId].includes(channel.id);
          return (
            <li key={channel.id}>
              <ChannelLink channel={channel} isOpen={isOpen} onChoose={onChoose} />
              {isOpen && <ThreadList channel={channel} chosen={chosen} onChoose={onChoose} />}
            </li>
          );
        })}
    </ul>
  );
}
