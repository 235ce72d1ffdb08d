import type { Channel } from '../../../src/http/contract.ts';
import { ChannelLink } from './channel-link.tsx';
import { useThreads } from './channel-queries.ts';

type ThreadListProps = { channel: Channel; chosen: Channel | undefined; onChoose: () => void };

/** The newest threads of a channel, more on demand; the chosen one is there however old it is. */
export function ThreadList({ channel, chosen, onChoose }: ThreadListProps) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useThreads(channel.id);
  const loaded = data?.pages.flatMap(({ items }) => items) ?? [];
  const isChosenLoaded = loaded.some(({ id }) => id === chosen?.id);
  const threads = chosen?.parentId === channel.id && !isChosenLoaded ? [chosen, ...loaded] : loaded;
  return (
    <ul aria-label={`Threads of ${channel.name}`}>
      {threads.map((thread) => (
        <li key={thread.id}>
          <ChannelLink channel={thread} onChoose={onChoose} />
        </li>
      ))}
      {hasNextPage && (
        <li>
          <button
            type="button"
            onClick={() => void fetchNextPage()}
            disabled={isFetchingNextPage}
            className="rounded-lg py-1 pr-2 pl-6 text-sm font-medium text-accent hover:underline"
          >
            Show more threads
          </button>
        </li>
      )}
    </ul>
  );
}
