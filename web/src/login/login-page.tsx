import { Link, useSearch } from '@tanstack/react-router';
import { Callout } from '../display/callout.tsx';
import { useViewer } from '../viewer/viewer-query.ts';
import { LandingPage } from './landing-page.tsx';
import { loginOutcomes, readLoginSearch } from './login-outcomes.ts';

/** Where a login that came to nothing ends: why, and the way to try again. */
export function LoginPage() {
  const { outcome } = useSearch({ from: '/login', select: readLoginSearch });
  const { data: viewer } = useViewer();
  const told = outcome && loginOutcomes[outcome];
  const isLoggedIn = viewer?.isLoggedIn === true;
  return (
    <LandingPage
      titles={[told?.title ?? 'Log in']}
      note={
        (told || isLoggedIn) && (
          <div className="flex flex-col gap-3">
            {told && (
              <Callout look={told.look} title={told.title}>
                {told.next}
              </Callout>
            )}
            {isLoggedIn && (
              <Callout look="good" title="You are logged in">
                <Link to="/" search={{}} className="font-semibold text-accent underline">
                  Go to the videos
                </Link>
              </Callout>
            )}
          </div>
        )
      }
    />
  );
}
