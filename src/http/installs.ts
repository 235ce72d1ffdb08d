import { z } from 'zod';
import type { InstallOutcome, InstallRefusal } from '../access/install.ts';
import { leaving } from './contract/viewer.ts';
import { dropLoginCookie, readLoginCookie, setLoginCookie } from './cookies.ts';
import { action, openAction } from './door.ts';
import { callbackQuery } from './login.ts';
import { ownUrl } from './own-url.ts';
import { snowflake } from './parameters.ts';
import { ProblemError } from './problem.ts';

export const beginInstall = action({
  summary: "Begins to add the bot to a guild: answers the page of Discord's that the browser goes to next",
  body: z.strictObject({ guildId: snowflake }, 'an object with guildId'),
  answer: leaving,
  status: 201,
  async handle({ access, publicUrl, origin }, { viewer, body, context }) {
    if (viewer.session === null) throw browserNeeded();
    const redirectUri = ownUrl(context, publicUrl, '/install/callback');
    const begun = await access.beginInstall(viewer, { guildId: body.guildId, redirectUri });
    if (begun.kind !== 'begun') throw installRefused(begun.kind);
    setLoginCookie(context, origin, begun.cookie);
    return { url: begun.url };
  },
});

export const returnFromInstall = openAction({
  summary: 'Where Discord sends the browser after an install',
  query: callbackQuery,
  isQueryOpen: true,
  answer: null,
  status: 302,
  async handle({ access, origin }, { viewer, context }) {
    const outcome = await access.completeInstall(viewer, {
      cookie: readLoginCookie(context, origin),
      query: new URL(context.req.url).searchParams,
    });
    if (outcome.kind !== 'mismatched') dropLoginCookie(context, origin); // as after a login
    return context.redirect(placeAfter(outcome), 302);
  },
});

/** Each outcome has a page of its own, which says what to do next. */
function placeAfter({ kind, guildId }: InstallOutcome): string {
  if (kind === 'installed') return `/guilds/${guildId}/setup`;
  const guild = guildId === null ? '' : `&guild_id=${guildId}`;
  return `/install/outcome?outcome=${kind === 'mismatched' ? 'foreign' : kind}${guild}`; // one page tells of both
}

function browserNeeded(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'session_needed',
    title: 'An install needs a browser',
    detail: 'Discord asks whoever installs the bot. Log in with a browser.',
  });
}

const refusals: Record<InstallRefusal, [status: 403 | 409 | 503, detail: string]> = {
  operators_only: [403, 'Only operators of this instance add the bot to servers. Ask one of them.'],
  not_a_manager: [
    403,
    'Adding a bot needs the permission Manage Server in that server. Ask somebody who has it.',
  ],
  already_installed: [409, 'The bot is in that server already.'],
  not_configured: [
    503,
    'This instance has no DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET, so nothing can be installed.',
  ],
};

function installRefused(kind: InstallRefusal): ProblemError {
  const [status, detail] = refusals[kind];
  return new ProblemError({ status, code: `install_${kind}`, title: 'The bot is not added', detail });
}
