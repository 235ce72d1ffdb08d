import { Link, useSearch } from '@tanstack/react-router';
import { buttonClass } from '../display/button.tsx';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { Shell } from '../page/shell.tsx';
import { InstallOutcomeNotice } from './install-outcome-notice.tsx';
import { installOutcomes } from './install-outcomes.ts';
import { readInstallSearch } from './install-search.ts';

/** Where Discord sends the browser after an install that did not simply succeed. */
export function InstallOutcomePage() {
  const { outcome, guild_id: guildId } = useSearch({
    from: '/install/outcome',
    select: readInstallSearch,
  });
  if (outcome) {
    return (
      <Shell titles={[installOutcomes[outcome].title]}>
        <InstallOutcomeNotice outcome={outcome} guildId={guildId} />
      </Shell>
    );
  }
  return (
    <Shell titles={['Add to a server']}>
      <Notice
        level={1}
        icon={<FilmIcon className="size-8" />}
        title="Nothing was installed here"
        action={
          <Link to="/install" search={{}} className={buttonClass()}>
            Add Clipdex to a server
          </Link>
        }
      >
        This page tells how an install has ended, and its address names none.
      </Notice>
    </Shell>
  );
}
