import { PageTitle } from '../page/page-title.tsx';
import { Shell } from '../page/shell.tsx';
import { Avatar } from '../viewer/avatar.tsx';
import { useMe, viewerName } from '../viewer/viewer-query.ts';
import { Preferences } from './preferences.tsx';
import { SessionList } from './session-list.tsx';
import { TokenSection } from './token-section.tsx';

/** What concerns the viewer alone. */
export function AccountPage() {
  const me = useMe();
  if (me === undefined) return null;
  return (
    <Shell titles={['Account']}>
      <PageTitle title="Account">
        <div className="flex items-center gap-3 pt-2 text-ink">
          <Avatar me={me} className="size-11" />
          <div className="min-w-0">
            <p className="truncate font-semibold">{viewerName(me)}</p>
            <p className="truncate text-sm text-muted">
              {me.username !== null && `@${me.username}`}
              {me.isOperator && ' · operator of this Clipdex'}
            </p>
            <p className="text-sm text-muted">Discord id {me.id}</p>
          </div>
        </div>
      </PageTitle>
      <Preferences me={me} />
      <SessionList />
      <TokenSection />
    </Shell>
  );
}
