export type LoginOutcome = 'denied' | 'expired' | 'mismatched' | 'refused' | 'unavailable' | 'busy';

type Told = { title: string; next: string; look: 'info' | 'warning' };

/** How a login can come to nothing, and what to do then. */
export const loginOutcomes: Record<LoginOutcome, Told> = {
  denied: {
    look: 'info',
    title: 'You did not log in',
    next: 'You told Discord not to go on. Nothing was stored of you. If you change your mind, log in below.',
  },
  expired: {
    look: 'info',
    title: 'The login took too long',
    next: 'A login has to be finished within some minutes, and only once. Begin it again below.',
  },
  mismatched: {
    look: 'warning',
    title: 'This login was not begun here',
    next: 'It was begun in another browser, or a later one in another tab has taken its place. Nobody was logged in. Begin it again below, and finish it in this browser.',
  },
  refused: {
    look: 'warning',
    title: 'Discord refused the login',
    next: 'Try once more. If it is refused again, tell whoever runs this Clipdex: its redirect address may not be the one in Discord’s developer portal.',
  },
  unavailable: {
    look: 'warning',
    title: 'Discord does not answer',
    next: 'Without Discord nobody can log in. Wait a moment, then try again. discordstatus.com tells whether Discord has an outage. If it stays so without one, whoever runs this Clipdex finds in the log whether Discord refuses DISCORD_CLIENT_ID or DISCORD_CLIENT_SECRET.',
  },
  busy: {
    look: 'info',
    title: 'Clipdex is busy at this moment',
    next: 'Many people are logging in, or its database does not answer. Nobody was logged in. Try again in a minute.',
  },
};

export type LoginSearch = { outcome?: LoginOutcome; return_to?: string };

/** As `readScope`: both the router and the page read with it. */
export function readLoginSearch({ outcome, return_to: returnTo }: Record<string, unknown>): LoginSearch {
  return {
    ...(isLoginOutcome(outcome) && { outcome }),
    ...(typeof returnTo === 'string' && { return_to: returnTo }),
  };
}

function isLoginOutcome(value: unknown): value is LoginOutcome {
  return typeof value === 'string' && Object.hasOwn(loginOutcomes, value);
}
