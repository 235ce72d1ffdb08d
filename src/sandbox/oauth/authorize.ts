import { addBot } from '../changes/guilds.ts';
import { type Answer, html, redirect } from '../http/answer.ts';
import { type ApiRequest, bodyFields } from '../http/request.ts';
import { canManageGuild } from '../permissions.ts';
import type { Sandbox } from '../sandbox.ts';
import { type AuthorizeRequest, readAuthorizeRequest } from './authorize-request.ts';
import { authorizePage, problemPage } from './pages.ts';

/** The page in which one chooses who one is, and approves or denies. */
export function showAuthorizePage(sandbox: Sandbox, request: ApiRequest): Answer {
  const asked = readAuthorizeRequest(sandbox, request.query);
  if ('problem' in asked) return html(problemPage(asked.problem), 400);
  return html(authorizePage(sandbox.state.world, asked));
}

/** The decision, from that page or from a script: form fields `user_id`, `decision` and, for an install, `guild_id`. */
export function decideAuthorization(sandbox: Sandbox, request: ApiRequest): Answer {
  const asked = readAuthorizeRequest(sandbox, request.query);
  if ('problem' in asked) return html(problemPage(asked.problem), 400);
  const fields = bodyFields(request);
  if (fields.decision === 'deny') {
    return sendBack(asked, {
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request',
    });
  }
  if (fields.decision !== 'approve') return html(problemPage('decision must be "approve" or "deny".'), 400);
  const user = sandbox.state.world.users.get(String(fields.user_id));
  if (!user || user.bot) return html(problemPage('user_id is not a user of this sandbox.'), 400);
  if (!asked.scopes.includes('bot')) return approve(sandbox, asked, user.id, undefined);
  return install(sandbox, asked, user.id, asked.guildId ?? String(fields.guild_id));
}

/** The bot is in the guild from here on, whether or not the code is ever exchanged. */
function install(sandbox: Sandbox, asked: AuthorizeRequest, userId: string, guildId: string): Answer {
  const guild = sandbox.state.world.guilds.get(guildId);
  if (!guild || !canManageGuild(guild, userId)) {
    return html(problemPage('This user may not add applications to that server.'), 403);
  }
  addBot(sandbox.state, guild, asked.permissions);
  return approve(sandbox, asked, userId, guild.id);
}

function approve(
  { grants }: Sandbox,
  asked: AuthorizeRequest,
  userId: string,
  guildId: string | undefined,
): Answer {
  const { scopes, redirectUri, challenge, permissions } = asked;
  const code = grants.issueCode({ userId, scopes, redirectUri, challenge, guildId });
  return sendBack(asked, { code, ...(guildId !== undefined && { guild_id: guildId, permissions }) });
}

function sendBack(asked: AuthorizeRequest, params: Record<string, string>): Answer {
  const target = new URL(asked.redirectUri);
  for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value);
  if (asked.state !== null) target.searchParams.set('state', asked.state);
  return redirect(target.href);
}
