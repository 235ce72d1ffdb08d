import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { OwnGuild } from '../../../src/http/contract.ts';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { GuildIcon } from '../guilds/guild-icon.tsx';
import { useGuilds } from '../guilds/guild-queries.ts';
import { useNeedsSetup } from '../guilds/use-needs-setup.ts';
import { PageTitle } from '../page/page-title.tsx';
import { Section } from '../page/section.tsx';
import { OperatorsOnly } from './operators-only.tsx';
import { useMayInstall } from './use-may-install.ts';

/** The viewer's guilds by what can be done with them. */
export function InstallChooser({ guilds }: { guilds: OwnGuild[] }) {
  const mayInstall = useMayInstall();
  const addable = guilds.filter(({ isInstalled, canManage }) => !isInstalled && canManage);
  const others = guilds.filter(({ isInstalled, canManage }) => !isInstalled && !canManage);
  const installed = guilds.filter(({ isInstalled }) => isInstalled);
  return (
    <>
      <PageTitle title="Add Clipdex to a server">
        {addable.length > 0
          ? 'Choose a server. You see what Clipdex asks for there before anything happens.'
          : 'There is no server to which you could add it now: one that Clipdex is not in, and in which you have the permission Manage Server.'}
      </PageTitle>
      {guilds.length === 0 && <NoGuilds />}
      {!mayInstall && <OperatorsOnly />}
      {addable.length > 0 && (
        <Group title="Can be added" guilds={addable}>
          {(guild) => mayInstall && <AddLink guild={guild} />}
        </Group>
      )}
      {installed.length > 0 && (
        <Group title="Clipdex is there" guilds={installed}>
          {(guild) => <OpenLink guild={guild} />}
        </Group>
      )}
      {others.length > 0 && (
        <Group
          title="Somebody else has to add it"
          intro="You do not have the permission Manage Server there. Send somebody who has it to this page."
          guilds={others}
        />
      )}
    </>
  );
}

type GroupProps = {
  title: string;
  intro?: string;
  guilds: OwnGuild[];
  children?: (guild: OwnGuild) => ReactNode;
};

function Group({ title, intro, guilds, children }: GroupProps) {
  return (
    <Section title={title} intro={intro}>
      <ul className="-my-2 divide-y divide-line">
        {guilds.map((guild) => (
          <li key={guild.id} className="flex items-center gap-3 py-2.5">
            <GuildIcon guild={guild} />
            <span className="truncate font-medium">{guild.name}</span>
            <span className="ml-auto shrink-0">{children?.(guild)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function AddLink({ guild }: { guild: OwnGuild }) {
  return (
    <Link
      to="/install"
      search={{ guild_id: guild.id }}
      aria-label={`Add to ${guild.name}`}
      className="rounded-lg bg-accent px-3 py-1.5 text-sm font-semibold text-on-accent hover:opacity-90"
    >
      Add
    </Link>
  );
}

/** Whoever may set it up, and nobody has yet, comes to its set-up: they may have left the install halfway. */
function OpenLink({ guild }: { guild: OwnGuild }) {
  const { data: guilds } = useGuilds();
  const needsSetup = useNeedsSetup(guilds?.find(({ id }) => id === guild.id));
  if (needsSetup) {
    return (
      <Link
        to="/guilds/$guildId/setup"
        params={{ guildId: guild.id }}
        aria-label={`Set up ${guild.name}`}
        className="rounded-lg bg-accent px-3 py-1.5 text-sm font-semibold text-on-accent hover:opacity-90"
      >
        Set up
      </Link>
    );
  }
  return (
    <Link
      to="/"
      search={{ guild: guild.id }}
      aria-label={`Videos of ${guild.name}`}
      className="rounded-lg px-2 py-1.5 text-sm font-semibold text-accent hover:underline"
    >
      Videos
    </Link>
  );
}

function NoGuilds() {
  return (
    <Notice icon={<FilmIcon className="size-8" />} title="You are in no server">
      Discord tells of no server that you are in. Make or join one there, and look here again.
    </Notice>
  );
}
