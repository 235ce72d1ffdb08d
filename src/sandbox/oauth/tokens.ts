import { timingSafeEqual } from 'node:crypto';
import { type Answer, json } from '../http/answer.ts';
import { unauthorized } from '../http/api-error.ts';
import { type ApiRequest, bodyFields } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { applicationView } from '../views/application.ts';
import { guildView } from '../views/guild.ts';
import { userView } from '../views/user.ts';
import type { Redeemed } from './grants.ts';

/** Exchanges a code or a refresh token. Form-encoded, as the standard has it. */
export function exchangeToken(sandbox: Sandbox, request: ApiRequest): Answer {
  const fields = readForm(request);
  if (!fields) return failure('invalid_request', 'The body must be form-encoded.');
  if (!isClient(sandbox, request, fields)) return json({ error: 'invalid_client' }, 401);
  switch (fields.grant_type) {
    case 'authorization_code':
      return answer(
        sandbox,
        sandbox.grants.redeemCode(fields.code ?? '', fields.redirect_uri ?? '', fields.code_verifier),
      );
    case 'refresh_token':
      return answer(sandbox, sandbox.grants.refresh(fields.refresh_token ?? '', readScopes(fields.scope)));
    default:
      return failure('unsupported_grant_type', `Grant type ${fields.grant_type ?? 'None'} is not supported`);
  }
}

/** What is no token, or none any more, is answered as what is. */
export function revokeToken(sandbox: Sandbox, request: ApiRequest): Answer {
  const fields = readForm(request);
  if (!fields?.token) return failure('invalid_request', 'token is required.');
  if (!isClient(sandbox, request, fields)) return json({ error: 'invalid_client' }, 401);
  sandbox.grants.revoke(fields.token);
  return json({});
}

/** What the user's token is good for. */
export function describeAuthorization({ state }: Sandbox, { caller }: ApiRequest): Answer {
  if (caller.kind !== 'user') throw unauthorized();
  const user = state.world.users.get(caller.userId);
  return json({
    application: applicationView(state),
    scopes: caller.scopes,
    expires: new Date(caller.expiresAt).toISOString(),
    ...(user && caller.scopes.includes('identify') && { user: userView(user) }),
  });
}

function answer({ state }: Sandbox, redeemed: Redeemed): Answer {
  if (redeemed.kind === 'refused') return failure(redeemed.error, redeemed.reason);
  const { tokens, guildId } = redeemed;
  const guild = guildId === undefined ? undefined : state.world.guilds.get(guildId);
  return json({
    token_type: 'Bearer',
    access_token: tokens.access,
    expires_in: tokens.expiresInSecs,
    refresh_token: tokens.refresh,
    scope: tokens.scopes.join(' '),
    ...(guild && { guild: guildView(guild) }),
  });
}

/** HTTP Basic, or `client_id` and `client_secret` among the fields. */
function isClient({ credentials }: Sandbox, request: ApiRequest, fields: Record<string, string>): boolean {
  const [scheme, encoded] = request.headers.authorization?.split(' ') ?? [];
  const isBasic = scheme?.toLowerCase() === 'basic';
  const [id, secret] = isBasic
    ? Buffer.from(encoded ?? '', 'base64')
        .toString()
        .split(':')
    : [fields.client_id, fields.client_secret];
  return id === credentials.clientId && isSame(secret ?? '', credentials.clientSecret);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readScopes(scope: string | undefined): string[] | undefined {
  return scope ? scope.split(' ') : undefined;
}

function readForm(request: ApiRequest): Record<string, string> | undefined {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  if (request.body === undefined) return {};
  return Object.fromEntries(
    Object.entries(bodyFields(request)).map(([name, value]) => [name, String(value)]),
  );
}

function failure(error: string, description: string): Answer {
  return json({ error, error_description: description }, 400);
}
