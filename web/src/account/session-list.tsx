import type { Session } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { formatDate } from '../display/format.ts';
import { Loaded } from '../display/loaded.tsx';
import { Problem } from '../display/problem.tsx';
import { Section } from '../page/section.tsx';
import { PostedAt } from '../videos/posted-at.tsx';
import { useEndSession, useSessions } from './account-queries.ts';
import { browserName } from './browser-name.ts';
import { LogOutEverywhere } from './log-out-everywhere.tsx';

/** The browsers that are logged in, this one first. */
export function SessionList() {
  const { data: sessions, error, refetch } = useSessions();
  return (
    <Section
      title="Sessions"
      intro="Browsers that are logged in as you. End those that you do not know."
      action={<LogOutEverywhere />}
    >
      <Loaded data={sessions} error={error} onRetry={refetch} label="Loading your sessions">
        {(all) => (
          <ul className="-my-2 divide-y divide-line">
            {all.toSorted(currentFirst).map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function currentFirst(a: Session, b: Session): number {
  return Number(b.isCurrent) - Number(a.isCurrent);
}

function SessionRow({ session }: { session: Session }) {
  const { mutate, isPending, error } = useEndSession();
  const name = browserName(session.userAgent);
  return (
    <li className="py-3">
      <div className="flex items-center gap-4">
        <div className="min-w-0 grow" title={session.userAgent ?? undefined}>
          <p className="flex flex-wrap items-center gap-x-2.5 font-medium">
            {name}
            {session.isCurrent && (
              <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium text-accent">
                This browser
              </span>
            )}
          </p>
          <p className="text-sm text-pretty text-muted">
            Logged in {formatDate(session.createdAt)}, last seen <PostedAt at={session.lastSeenAt} />, ends{' '}
            {formatDate(session.expiresAt)} at the latest
          </p>
        </div>
        {session.isCurrent ? (
          <Button look="quiet" onClick={() => mutate(session)} isBusy={isPending}>
            Log out
          </Button>
        ) : (
          <Button look="quiet" label={`End ${name}`} onClick={() => mutate(session)} isBusy={isPending}>
            End
          </Button>
        )}
      </div>
      <Problem error={error} />
    </li>
  );
}
