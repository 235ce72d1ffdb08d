const MAX_PATH_LENGTH = 500; // that the server takes; from a longer place one comes back to the first page

/** Where the login begins. Afterwards the browser comes back to `returnTo`, a path of ours. */
export function loginUrl(returnTo: string): string {
  if (returnTo === '/' || returnTo.length > MAX_PATH_LENGTH) return '/auth/login';
  return `/auth/login?${new URLSearchParams({ return_to: returnTo })}`;
}
