import { createHash } from 'node:crypto';
import { type Reply, type TestSandbox, USER_AGENT } from './running-sandbox.ts';
import { ids } from './small-world.ts';

export const redirectUri = 'http://127.0.0.1:3000/auth/callback';
const verifier = 'a-verifier-of-at-least-forty-three-characters-long';
const challenge = createHash('sha256').update(verifier).digest('base64url');

export type Params = Record<string, string>;

export function authorizeUrl(sandbox: TestSandbox, params: Params = {}): string {
  const query = new URLSearchParams({
    client_id: ids.application,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'identify guilds',
    state: 'the state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...params,
  });
  return `${sandbox.authorizeUrl}?${query}`;
}

/** The answer to a decision of the form, and what the client is told by it. */
export async function decide(sandbox: TestSandbox, fields: Params, params?: Params) {
  const response = await fetch(authorizeUrl(sandbox, params), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const location = response.headers.get('location');
  return {
    status: response.status,
    location,
    cookie: response.headers.get('set-cookie') ?? '',
    query: location ? new URL(location).searchParams : new URLSearchParams(),
  };
}

export async function askToken(
  sandbox: TestSandbox,
  fields: Params,
  path = 'token',
): Promise<Pick<Reply, 'status' | 'body'>> {
  const response = await fetch(`${sandbox.apiUrl}/v10/oauth2/${path}`, {
    method: 'POST',
    headers: {
      'user-agent': USER_AGENT,
      authorization: `Basic ${Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString('base64')}`,
    },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: await response.json() };
}

export async function login(sandbox: TestSandbox, userId: string, params?: Params) {
  const { query } = await decide(sandbox, { user_id: userId, decision: 'approve' }, params);
  return askToken(sandbox, exchange(query.get('code') ?? ''));
}

export const exchange = (code: string): Params => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: redirectUri,
  code_verifier: verifier,
});

export const asUser = (token: string) => ({ authorization: `Bearer ${token}` });
