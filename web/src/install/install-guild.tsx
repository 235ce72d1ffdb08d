import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Leaving, OwnGuild } from '../../../src/http/contract.ts';
import { sendJson } from '../api/send-json.ts';
import { Button } from '../display/button.tsx';
import { Problem } from '../display/problem.tsx';
import { GuildIcon } from '../guilds/guild-icon.tsx';
import { useInstance } from '../page/instance-query.ts';
import { PageTitle } from '../page/page-title.tsx';
import { Section } from '../page/section.tsx';
import { InstallOutcomeNotice } from './install-outcome-notice.tsx';
import { OperatorsOnly } from './operators-only.tsx';
import { PermissionList } from './permission-list.tsx';
import { useMayInstall } from './use-may-install.ts';

type InstallGuildProps = { guildId: string; guild: OwnGuild | undefined };

/** What the bot may do in the guild, and the step to Discord. */
export function InstallGuild({ guildId, guild }: InstallGuildProps) {
  const mayInstall = useMayInstall();
  if (guild?.isInstalled) return <InstallOutcomeNotice outcome="already_installed" guildId={guildId} />;
  if (guild === undefined || !guild.canManage) {
    return <InstallOutcomeNotice outcome="not_a_manager" guildId={guildId} />;
  }
  return (
    <>
      <PageTitle
        title={`Add Clipdex to ${guild.name}`}
        above={
          <>
            <GuildIcon guild={guild} /> {guild.name}
          </>
        }
      >
        Discord asks you to confirm these permissions. Afterwards you choose which channels are read.
      </PageTitle>
      <Section title="What Clipdex may do there">
        <PermissionList />
      </Section>
      {mayInstall ? <Continue guildId={guildId} /> : <OperatorsOnly />}
    </>
  );
}

function Continue({ guildId }: { guildId: string }) {
  const isSandbox = useInstance()?.isSandbox === true;
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => sendJson<Leaving>('POST', '/api/installs', { guildId }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return (
    <>
      <Problem error={error} />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <Button onClick={() => mutate()} isBusy={isPending || isSuccess}>
          {isSandbox ? 'Continue to the sandbox’s Discord' : 'Continue to Discord'}
        </Button>
        <Link to="/install" search={{}} className="text-sm font-semibold text-accent hover:underline">
          Choose another server
        </Link>
      </div>
    </>
  );
}
