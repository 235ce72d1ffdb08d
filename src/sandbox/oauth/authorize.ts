import { addBot } from '../changes/guilds.ts';
import { type Answer, html, redirect } from '../http/answer.ts';
import { type ApiRequest, bodyFields } from '../http/request.ts';
import { canManageGuild } from '../permissions.ts';
import type { Sandbox } from '../sandbox.ts';
import type { WorldGuild } from '../world.ts';
import { type AuthorizeRequest, asksForBot, readAuthorizeRequest } from './authorize-request.ts';
import { askWhoPage } from './pages/ask-who-page.ts';
import { addedPage, problemPage, stoppedPage } from './pages/end-pages.ts';
import { installPage } from './pages/install-page.ts';
import { loginPage } from './pages/login-page.ts';
import type { Markup } from './pages/markup.ts';
import { personOf, rememberPerson } from './person.ts';
import { grantedPermissions } from './requested-permissions.ts';

/** The page on which one chooses who one is, and approves or denies; an install asks who first, and then where. */
export function showAuthorizePage(sandbox: Sandbox, request: ApiRequest): Answer {
  const asked = readAuthorizeRequest(sandbox, request.query);
  if ('error' in asked) return page(problemPage(asked), 400);
  const { world } = sandbox.state;
  const person = personOf(world, request);
  if (!asksForBot(asked)) return page(loginPage(world, asked, person));
  if (!person) return page(askWhoPage(world, asked, request.query));
  return page(installPage(world, asked, person, request.query));
}

/**
 * The decision, from that page or from a script: form fields `user_id` and `decision`, and for an install `guild_id` and
 * `permissions`, those of the permissions asked for that the bot gets.
 */
export function decideAuthorization(sandbox: Sandbox, request: ApiRequest): Answer {
  const asked = readAuthorizeRequest(sandbox, request.query);
  if ('error' in asked) return page(problemPage(asked), 400);
  const refuse = (description: string, status = 400) =>
    page(problemPage({ error: 'invalid_request', description }), status);
  if (request.headers['sec-fetch-site'] === 'cross-site') return refuse('Another site may not decide.', 403);
  const fields = bodyFields(request);
  if (fields.decision === 'deny') {
    return sendBack(asked, stoppedPage(), {
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request',
    });
  }
  if (fields.decision !== 'approve') return refuse('decision must be "approve" or "deny".');
  const user = sandbox.state.world.users.get(String(fields.user_id));
  if (!user || user.bot) return refuse('user_id is not a person of this sandbox.');
  if (!asksForBot(asked)) return rememberPerson(approve(sandbox, asked, user.id), user.id);
  const guildId = asked.isGuildFixed ? asked.guildId : (fields.guild_id ?? asked.guildId);
  const guild = sandbox.state.world.guilds.get(String(guildId));
  if (!guild || !canManageGuild(guild, user.id)) {
    return refuse(`${user.username} may not add applications to that server: Manage Server is needed.`, 403);
  }
  if (guild.isUnavailable) return refuse('That server has an outage.', 503);
  const permissions = grantedPermissions(asked.permissions, fields);
  if (permissions === undefined) return refuse('permissions is not a number.');
  return rememberPerson(install(sandbox, asked, user.id, guild, permissions), user.id);
}

/** The bot is in the guild from here on, whether or not the code is ever exchanged. */
function install(
  sandbox: Sandbox,
  asked: AuthorizeRequest,
  userId: string,
  guild: WorldGuild,
  permissions: string,
): Answer {
  addBot(sandbox.state, guild, permissions);
  return approve(sandbox, asked, userId, { guild, permissions });
}

function approve(
  { grants, state }: Sandbox,
  asked: AuthorizeRequest,
  userId: string,
  installed?: { guild: WorldGuild; permissions: string },
): Answer {
  const { scopes, redirectUri, challenge } = asked;
  const guildId = installed?.guild.id;
  const end = addedPage(state.world.application.name, installed?.guild.name ?? '');
  if (redirectUri === undefined) return page(end);
  const code = grants.issueCode({ userId, scopes, redirectUri, challenge, guildId });
  return sendBack(asked, end, {
    code,
    ...(installed && { guild_id: installed.guild.id, permissions: installed.permissions }),
  });
}

/** To where the client wants them; a plain invite link ends here. */
function sendBack(asked: AuthorizeRequest, end: Markup, params: Record<string, string>): Answer {
  if (asked.redirectUri === undefined) return page(end);
  const target = new URL(asked.redirectUri);
  for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value);
  if (asked.state !== undefined) target.searchParams.set('state', asked.state);
  return redirect(target.href);
}

/** Nothing of these pages is kept, and no other site shows them as its own. */
function page(markup: Markup, status = 200): Answer {
  return {
    ...html(markup.text, status),
    headers: {
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
    },
  };
}
