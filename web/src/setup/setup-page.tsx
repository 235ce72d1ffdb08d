import { useParams } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { ManagersOnly } from '../guilds/managers-only.tsx';
import { LoadProblem } from '../page/load-problem.tsx';
import { Shell } from '../page/shell.tsx';
import { SkeletonLines } from '../page/skeleton-lines.tsx';
import { useSettings } from '../settings/settings-queries.ts';
import { Arriving, NotArrived } from './arriving.tsx';
import { NoPermissions } from './no-permissions.tsx';
import { SetUpAlready } from './set-up-already.tsx';
import { SetupForm } from './setup-form.tsx';
import { isUnreadable, useSetup } from './setup-queries.ts';
import { useArrival } from './use-arrival.ts';

/** The first set-up of a guild: wait until it is here, then choose what of it is read. */
export function SetupPage() {
  const { guildId } = useParams({ from: '/viewer/guilds/$guildId/setup' });
  const { guild, error, isLate, retry } = useArrival(guildId);
  return (
    <Shell titles={['Set up', guild?.name]}>
      {guild ? (
        <SetupOf guild={guild} />
      ) : error ? (
        <LoadProblem error={error} onRetry={retry} />
      ) : isLate ? (
        <NotArrived guildId={guildId} onRetry={retry} />
      ) : guild === null ? (
        <Arriving />
      ) : (
        <SkeletonLines label="Loading the channels" />
      )}
    </Shell>
  );
}

function SetupOf({ guild }: { guild: Guild }) {
  const { data: setup, error, refetch } = useSetup(guild.id, { isAsked: guild.canManage, isWatched: true });
  const settings = useSettings(guild.id);
  if (!guild.canManage) return <ManagersOnly guild={guild} what="set it up" />;
  const problem = error ?? settings.error;
  if (setup === undefined || settings.data === undefined) {
    if (!problem) return <SkeletonLines label="Loading the channels" />;
    const retry = () => Promise.all([refetch(), settings.refetch()]);
    return <LoadProblem title="The channels could not be loaded" error={problem} onRetry={retry} />;
  }
  if (setup.isSetUp) return <SetUpAlready guild={guild} />;
  if (isUnreadable(setup)) return <NoPermissions guild={guild} channels={setup.channels} onRetry={refetch} />;
  return <SetupForm guild={guild} channels={setup.channels} settings={settings.data.effective} />;
}
