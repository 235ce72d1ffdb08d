import { isId } from '../ids.ts';
import { defaultInstall } from '../install-settings.ts';
import type { Credentials, Sandbox } from '../sandbox.ts';
import { INVALID_SCOPE } from './grants.ts';

const knownScopes: ReadonlySet<string> = new Set([
  'identify',
  'email',
  'guilds',
  'guilds.members.read',
  'bot',
  'applications.commands',
]);
/** These install the application; all others ask for the user's account. */
const installScopes: ReadonlySet<string> = new Set(['bot', 'applications.commands']);
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
const webProtocols: ReadonlySet<string> = new Set(['http:', 'https:']);
const prompts: readonly (string | null)[] = [null, 'none', 'consent'];
const GUILD_INSTALL = '0';

export type AuthorizeRequest = {
  /** Undefined for a plain invite link: it adds the bot and leads nowhere. */
  redirectUri: string | undefined;
  scopes: string[];
  state: string | undefined;
  /** PKCE, S256. */
  challenge: string | undefined;
  /** Chosen beforehand, if the bot is to be installed. */
  guildId: string | undefined;
  /** Whether the user may not choose another. */
  isGuildFixed: boolean;
  /** Asked for the bot's own role. */
  permissions: string;
};

export type Problem = { error: string; description: string };

/**
 * The question that a client sends its users with, or what is wrong with it. `prompt=none`, which lets those pass unasked
 * who approved before, is taken but changes nothing: whoever tries a sandbox wants to be asked who to be.
 */
export function readAuthorizeRequest(
  { credentials, state }: Sandbox,
  query: URLSearchParams,
): AuthorizeRequest | Problem {
  const get = (name: string) => query.get(name) ?? undefined;
  const isBareLink = !query.has('scope') && !query.has('redirect_uri');
  const scopes = isBareLink ? defaultInstall.scopes : (get('scope') ?? '').split(/[\s+]+/).filter(Boolean);
  const isInviteOnly = scopes.every((scope) => installScopes.has(scope)) && !query.has('redirect_uri');
  const asked: AuthorizeRequest = {
    redirectUri: isInviteOnly ? undefined : (get('redirect_uri') ?? credentials.redirectUris[0] ?? ''),
    scopes,
    state: get('state'),
    challenge: get('code_challenge'),
    guildId: get('guild_id'),
    isGuildFixed: get('disable_guild_select') === 'true',
    permissions: get('permissions') ?? (isBareLink ? defaultInstall.permissions : '0'),
  };
  if (get('client_id') !== state.world.application.id)
    return problem('invalid_client', 'Unknown Application.');
  return problemWith(asked, query, credentials) ?? asked;
}

export function asksForBot({ scopes }: AuthorizeRequest): boolean {
  return scopes.includes('bot');
}

/** Registered addresses exactly; any address of this machine when none is registered. */
function isAllowedRedirect(address: string, registered: readonly string[]): boolean {
  if (registered.length > 0) return registered.includes(address);
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, hash } = new URL(address);
  return webProtocols.has(protocol) && loopbackHosts.has(hostname) && hash === '';
}

function problemWith(
  { redirectUri, scopes, challenge, guildId, permissions }: AuthorizeRequest,
  query: URLSearchParams,
  { redirectUris }: Credentials,
): Problem | undefined {
  const wrong = (description: string) => problem('invalid_request', description);
  if (scopes.length === 0 || scopes.some((scope) => !knownScopes.has(scope))) {
    return problem('invalid_scope', INVALID_SCOPE);
  }
  if (redirectUri !== undefined) {
    if (!isAllowedRedirect(redirectUri, redirectUris)) return wrong('Invalid OAuth2 redirect_uri.');
    if (query.get('response_type') !== 'code') {
      return problem('unsupported_response_type', 'response_type must be "code".');
    }
  }
  if (challenge !== undefined && query.get('code_challenge_method') !== 'S256') {
    return wrong('code_challenge_method must be "S256".');
  }
  if (!prompts.includes(query.get('prompt'))) return wrong('prompt must be "none" or "consent".');
  if ((query.get('integration_type') ?? GUILD_INSTALL) !== GUILD_INSTALL) {
    return wrong('This application is installed to servers only: integration_type must be 0.');
  }
  if (guildId !== undefined && !isId(guildId)) return wrong('guild_id is not a snowflake.');
  if (!/^\d{1,20}$/.test(permissions)) return wrong('permissions is not a number.');
  return undefined;
}

function problem(error: string, description: string): Problem {
  return { error, description };
}
