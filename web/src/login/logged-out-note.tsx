import { Callout } from '../display/callout.tsx';

export function LoggedOutNote() {
  return (
    <Callout title="You were logged out">
      Your session has ended: it was too old, or was ended elsewhere. Log in again, and you are back where you
      were.
    </Callout>
  );
}
