import { isId } from '../ids.ts';
import type { Sandbox } from '../sandbox.ts';

const knownScopes: ReadonlySet<string> = new Set([
  'identify',
  'email',
  'guilds',
  'guilds.members.read',
  'bot',
  'applications.commands',
]);
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

export type AuthorizeRequest = {
  redirectUri: string;
  scopes: string[];
  state: string | null;
  challenge: string | undefined;
  /** Preselected guild of a bot install. */
  guildId: string | undefined;
  permissions: string;
};

/** The question that a client sends its users with, or what is wrong with it. */
export function readAuthorizeRequest(
  { credentials, state }: Sandbox,
  query: URLSearchParams,
): AuthorizeRequest | { problem: string } {
  const redirectUri = query.get('redirect_uri') ?? '';
  const scopes = (query.get('scope') ?? '').split(/[\s+]+/).filter((scope) => scope !== '');
  const method = query.get('code_challenge_method');
  const challenge = query.get('code_challenge') ?? undefined;
  const guildId = query.get('guild_id') ?? undefined;
  const permissions = query.get('permissions') ?? '0';
  if (query.get('client_id') !== state.world.application.id) return { problem: 'Unknown application.' };
  if (query.get('response_type') !== 'code') return { problem: 'response_type must be "code".' };
  if (scopes.length === 0) return { problem: 'scope is required.' };
  const unknown = scopes.find((scope) => !knownScopes.has(scope));
  if (unknown !== undefined) return { problem: `Unknown scope "${unknown}".` };
  if (!isAllowedRedirect(redirectUri, credentials.redirectUris))
    return { problem: 'Invalid OAuth2 redirect_uri.' };
  if (challenge !== undefined && method !== 'S256')
    return { problem: 'code_challenge_method must be "S256".' };
  if (guildId !== undefined && !isId(guildId)) return { problem: 'guild_id is not a snowflake.' };
  if (!/^\d{1,20}$/.test(permissions)) return { problem: 'permissions is not a number.' };
  return { redirectUri, scopes, state: query.get('state'), challenge, guildId, permissions };
}

/** Registered addresses exactly; any address of this machine when none is registered. */
export function isAllowedRedirect(address: string, registered: readonly string[]): boolean {
  if (registered.length > 0) return registered.includes(address);
  return URL.canParse(address) && loopbackHosts.has(new URL(address).hostname);
}
