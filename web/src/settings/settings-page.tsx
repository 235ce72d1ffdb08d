import { useParams } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { useGuild } from '../guilds/guild-query.ts';
import { ManagersOnly } from '../guilds/managers-only.tsx';
import { NoSuchGuild } from '../guilds/no-such-guild.tsx';
import { LoadProblem } from '../page/load-problem.tsx';
import { Shell } from '../page/shell.tsx';
import { SkeletonLines } from '../page/skeleton-lines.tsx';
import { GuildSettings } from './guild-settings.tsx';
import { useSettings } from './settings-queries.ts';

/** What of a guild is read, and how: for those who manage it. */
export function SettingsPage() {
  const { guildId } = useParams({ from: '/viewer/guilds/$guildId/settings' });
  const { data: guild, error, refetch } = useGuild(guildId);
  return (
    <Shell titles={['Settings', guild?.name]}>
      {guild === undefined && !error && <SkeletonLines label="Loading the settings" />}
      {guild === undefined && error && <LoadProblem error={error} onRetry={refetch} />}
      {guild === null && <NoSuchGuild />}
      {guild && <SettingsOf guild={guild} />}
    </Shell>
  );
}

function SettingsOf({ guild }: { guild: Guild }) {
  const { data: view, error, refetch } = useSettings(guild.id);
  if (!guild.canManage) return <ManagersOnly guild={guild} what="change its settings" />;
  if (view !== undefined) return <GuildSettings guild={guild} view={view} />;
  if (error) return <LoadProblem error={error} onRetry={refetch} />;
  return <SkeletonLines label="Loading the settings" />;
}
