import { Link } from '@tanstack/react-router';
import type { Count, Guild } from '../../../src/http/contract.ts';
import { ChannelList } from '../channels/channel-list.tsx';
import { PlusIcon } from '../display/icons.tsx';
import { useScope } from '../videos/scope.ts';
import { GuildActions } from './guild-actions.tsx';
import { GuildIcon } from './guild-icon.tsx';
import { useGuilds, useIsConnecting } from './guild-queries.ts';
import { NavLink } from './nav-link.tsx';

const SKELETON_ROWS = ['a', 'b', 'c'];

/** Chooses what the page shows: all guilds or one, and below the chosen one its channels. */
export function LibraryNav({ onChoose }: { onChoose: () => void }) {
  const scope = useScope();
  const { data: guilds } = useGuilds();
  const isConnecting = useIsConnecting();
  if (guilds === undefined || isConnecting) return <NavSkeleton />;
  return (
    <ul className="flex flex-col gap-1 pb-2">
      <li>
        <NavLink scope={{}} onChoose={onChoose} count={sum(guilds)}>
          <span className="grid size-7 shrink-0 place-items-center rounded-lg bg-accent-soft text-xs font-bold text-accent">
            All
          </span>
          All servers
        </NavLink>
      </li>
      {guilds.map((guild) => (
        <li key={guild.id}>
          <div className="flex items-center">
            <NavLink scope={{ guild: guild.id }} onChoose={onChoose} count={guild.videoCount}>
              <GuildIcon guild={guild} />
              <span className="truncate">{guild.name}</span>
            </NavLink>
            {guild.canManage && <GuildActions guild={guild} />}
          </div>
          {scope.guild === guild.id && <ChannelList guild={guild} onChoose={onChoose} />}
        </li>
      ))}
      <li>
        <Link
          to="/install"
          search={{}}
          className="flex items-center gap-2.5 rounded-lg px-2 py-1.5 text-sm font-medium text-muted hover:bg-raised hover:text-ink"
        >
          <span className="grid size-7 shrink-0 place-items-center">
            <PlusIcon className="size-4" />
          </span>
          Add to a server
        </Link>
      </li>
    </ul>
  );
}

function NavSkeleton() {
  return (
    <div aria-hidden="true" className="flex flex-col gap-2">
      {SKELETON_ROWS.map((row) => (
        <div key={row} className="h-9 animate-shimmer rounded-lg bg-raised" />
      ))}
    </div>
  );
}

function sum(guilds: Guild[]): Count {
  return {
    value: guilds.reduce((total, { videoCount }) => total + videoCount.value, 0),
    isCapped: guilds.some(({ videoCount }) => videoCount.isCapped),
  };
}
