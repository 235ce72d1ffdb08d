import type { InstallOutcome } from './install-search.ts';

/** Where one goes from there: once more through the install, to log in, to the guild, to choose another one. */
export type NextStep = 'again' | 'log_in' | 'guild' | 'choose';

type Told = { title: string; sentences: string[]; steps: NextStep[] };

/** How an install can end without its guild, or with one that needs a further step. */
export const installOutcomes: Record<InstallOutcome, Told> = {
  denied: {
    title: 'Clipdex was not added',
    sentences: ['You told Discord not to go on. Nothing has changed in your server.'],
    steps: ['again', 'choose'],
  },
  expired: {
    title: 'That took too long',
    sentences: [
      'An install has to be finished within some minutes, and only once. If you have confirmed it on Discord all the same, the bot is in your server already; else begin again.',
    ],
    steps: ['again', 'choose'],
  },
  foreign: {
    title: 'This install was begun by somebody else',
    sentences: [
      'It belongs to another login or another browser, so it was not finished here. Begin your own: it takes a minute.',
    ],
    steps: ['again', 'choose'],
  },
  wrong_guild: {
    title: 'Discord has added the bot to another server',
    sentences: [
      'It is not the one that you had chosen here, so the install was not finished.',
      'If you did not mean that server, remove the bot there: Server Settings → Integrations. Then begin again.',
    ],
    steps: ['again', 'choose'],
  },
  refused: {
    title: 'Discord refused the install',
    sentences: [
      'Try once more. If it is refused again, tell whoever runs this Clipdex: its redirect address may not be the one in Discord’s developer portal.',
    ],
    steps: ['again', 'choose'],
  },
  unavailable: {
    title: 'Discord does not answer',
    sentences: [
      'You may have confirmed already, so the bot may be in your server. Wait a moment and look at its set-up; if it is not there, begin again.',
      'If it stays so, whoever runs this Clipdex finds in the log whether Discord refuses DISCORD_CLIENT_ID or DISCORD_CLIENT_SECRET.',
    ],
    steps: ['guild', 'again'],
  },
  busy: {
    title: 'Clipdex is busy at this moment',
    sentences: [
      'Many people are logging in, or its database does not answer, so the install was not finished here.',
      'If you have confirmed it on Discord, the bot is in your server already. Look at your servers in a minute: it is set up from there, or else added once more.',
    ],
    steps: ['again'],
  },
  not_logged_in: {
    title: 'You are not logged in any more',
    sentences: [
      'Your session ended while you were at Discord, so the install was not finished here. Log in again: your servers are listed then, and you set up the one that the bot is in by now, or add it once more.',
    ],
    steps: ['log_in'],
  },
  not_a_manager: {
    title: 'This needs the permission Manage Server',
    sentences: [
      'Only members who have it, and the owner, add bots to a server. Ask one of them to open this page.',
    ],
    steps: ['choose'],
  },
  already_installed: {
    title: 'Clipdex is in that server already',
    sentences: ['There is nothing to add. Look at its videos, or choose which of its channels are read.'],
    steps: ['guild', 'choose'],
  },
};
