import { useSearch } from '@tanstack/react-router';
import { LoadProblem } from '../page/load-problem.tsx';
import { Shell } from '../page/shell.tsx';
import { SkeletonLines } from '../page/skeleton-lines.tsx';
import { InstallChooser } from './install-chooser.tsx';
import { InstallGuild } from './install-guild.tsx';
import { readInstallSearch } from './install-search.ts';
import { useOwnGuilds } from './own-guilds-query.ts';

/** Adds the bot to a guild: first which, then what it may do there. The rest happens on Discord. */
export function InstallPage() {
  const { guild_id: guildId } = useSearch({ from: '/viewer/install', select: readInstallSearch });
  const { data: guilds, error, refetch } = useOwnGuilds();
  const guild = guilds?.find(({ id }) => id === guildId);
  return (
    <Shell titles={[guild?.name, 'Add to a server']}>
      {guilds === undefined && !error && <SkeletonLines label="Loading your servers" />}
      {guilds === undefined && error && <LoadProblem error={error} onRetry={refetch} />}
      {guilds && guildId === undefined && <InstallChooser guilds={guilds} />}
      {guilds && guildId !== undefined && <InstallGuild guildId={guildId} guild={guild} />}
    </Shell>
  );
}
