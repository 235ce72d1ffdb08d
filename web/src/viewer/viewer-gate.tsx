import { Outlet } from '@tanstack/react-router';
import { Fragment } from 'react';
import { LandingPage } from '../login/landing-page.tsx';
import { LoggedOutNote } from '../login/logged-out-note.tsx';
import { Silence } from '../page/silence.tsx';
import { Waiting } from '../page/waiting.tsx';
import { useViewer } from './viewer-query.ts';

/** Before every page of a viewer: without one it is the landing page that is shown, under the same address. */
export function ViewerGate() {
  const { data: viewer, error, refetch } = useViewer();
  if (viewer === undefined) return error ? <Silence error={error} onRetry={refetch} /> : <Waiting />;
  if (!viewer.isLoggedIn) return <LandingPage note={viewer.hasEnded && <LoggedOutNote />} />;
  return (
    <Fragment key={viewer.me.id}>
      <Outlet />
    </Fragment>
  );
}
