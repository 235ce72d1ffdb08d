import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createAnswerCheck, hasOpenApi } from './discord-openapi.ts';
import { identify } from './gateway-client.ts';
import { type Reply, runSandbox, type TestSandbox, USER_AGENT } from './running-sandbox.ts';
import { ids } from './small-world.ts';

const redirectUri = 'http://127.0.0.1:3000/auth/callback';
const verifier = 'a-verifier-of-at-least-forty-three-characters-long';
const challenge = createHash('sha256').update(verifier).digest('base64url');

type Params = Record<string, string>;

function authorizeUrl(sandbox: TestSandbox, params: Params = {}): string {
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

async function decide(sandbox: TestSandbox, fields: Params, params?: Params) {
  const response = await fetch(authorizeUrl(sandbox, params), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const location = response.headers.get('location');
  return {
    status: response.status,
    query: location ? new URL(location).searchParams : new URLSearchParams(),
  };
}

async function askToken(
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

async function login(sandbox: TestSandbox, userId: string, params?: Params) {
  const { query } = await decide(sandbox, { user_id: userId, decision: 'approve' }, params);
  return askToken(sandbox, exchange(query.get('code') ?? ''));
}

const exchange = (code: string): Params => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: redirectUri,
  code_verifier: verifier,
});

const asUser = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a login', () => {
  test('ends with a token that tells who and where one is', async () => {
    const sandbox = await runSandbox();
    const { query, status } = await decide(sandbox, { user_id: ids.manager, decision: 'approve' });
    expect(status).toBe(302);
    expect(query.get('state')).toBe('the state');
    const { body } = await askToken(sandbox, exchange(query.get('code') ?? ''));
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'identify guilds', expires_in: 604_800 });

    const me = await sandbox.get('/users/@me', asUser(body.access_token));
    expect(me.body).toMatchObject({ id: ids.manager, username: 'manu' });
    expect(me.body).not.toHaveProperty('email');
    const { body: guilds } = await sandbox.get('/users/@me/guilds', asUser(body.access_token));
    expect(guilds).toMatchObject([{ id: ids.guild, owner: false }]);
    expect(BigInt(guilds[0].permissions) & (1n << 5n)).toBe(1n << 5n);
    const grant = await sandbox.get('/oauth2/@me', asUser(body.access_token));
    expect(grant.body).toMatchObject({ scopes: ['identify', 'guilds'], user: { id: ids.manager } });
    if (hasOpenApi) {
      const check = createAnswerCheck();
      expect(check('GET', '/users/@me', 200, me.body)).toBeUndefined();
      expect(check('GET', '/users/@me/guilds', 200, guilds)).toBeUndefined();
      expect(check('GET', '/oauth2/@me', 200, grant.body)).toBeUndefined();
    }
  });

  test('is denied, and the client hears it with its state', async () => {
    const { query } = await decide(await runSandbox(), { user_id: ids.manager, decision: 'deny' });
    expect(query.get('error')).toBe('access_denied');
    expect(query.get('state')).toBe('the state');
    expect(query.has('code')).toBe(false);
  });

  test('a user token opens nothing of the bot, and nothing beyond its scopes', async () => {
    const sandbox = await runSandbox();
    const { body } = await login(sandbox, ids.member, { scope: 'identify' });
    expect((await sandbox.get('/users/@me', asUser(body.access_token))).status).toBe(200);
    expect((await sandbox.get('/users/@me/guilds', asUser(body.access_token))).status).toBe(401);
    expect((await sandbox.get(`/guilds/${ids.guild}`, asUser(body.access_token))).status).toBe(403);
  });

  test('refreshes, revokes, expires; and outlives a restart', async () => {
    const sandbox = await runSandbox();
    const { body: first } = await login(sandbox, ids.member);
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const { body: second } = await askToken(sandbox, refresh);
    expect(await askToken(sandbox, refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const restarted = await runSandbox();
    expect((await restarted.get('/users/@me', asUser(second.access_token))).status).toBe(200);
    expect(await askToken(sandbox, { token: second.access_token }, 'token/revoke')).toMatchObject({
      status: 200,
    });
    for (const { access_token: token } of [first, second]) {
      expect((await sandbox.get('/users/@me', asUser(token))).status).toBe(401);
    }
    await sandbox.control('token-life', { secs: 1 });
    const { body: short } = await login(sandbox, ids.member);
    const status = async () => (await sandbox.get('/users/@me', asUser(short.access_token))).status;
    expect(await status()).toBe(200);
    await expect.poll(status, { timeout: 5000 }).toBe(401);
  });
});

describe('what a thief or a bug would try', () => {
  test.each<[string, Params, string]>([
    ['another redirect_uri', { redirect_uri: `${redirectUri}2` }, 'invalid_grant'],
    ['another verifier', { code_verifier: 'other' }, 'invalid_grant'],
    ['no verifier', { code_verifier: '' }, 'invalid_grant'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('%s is refused', async (_, change, error) => {
    const sandbox = await runSandbox();
    const { query } = await decide(sandbox, { user_id: ids.member, decision: 'approve' });
    const reply = await askToken(sandbox, { ...exchange(query.get('code') ?? ''), ...change });
    expect(reply).toMatchObject({ status: 400, body: { error } });
  });

  test('a code works once, and not without the secret', async () => {
    const sandbox = await runSandbox();
    const { query } = await decide(sandbox, { user_id: ids.member, decision: 'approve' });
    const fields = exchange(query.get('code') ?? '');
    const stranger = await askToken({ ...sandbox, clientSecret: 'guess' }, fields);
    expect(stranger).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await askToken(sandbox, fields)).status).toBe(200);
    expect((await askToken(sandbox, fields)).body.error).toBe('invalid_grant');
  });

  test.each<[string, Params]>([
    ['a redirect elsewhere', { redirect_uri: 'https://evil.example/' }],
    ['another application', { client_id: '1' }],
    ['another response type', { response_type: 'token' }],
    ['no scope', { scope: '' }],
    ['an unknown scope', { scope: 'identify everything' }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['a guild that is no id', { guild_id: 'x' }],
  ])('%s gets a page, not a redirect', async (_, params) => {
    const sandbox = await runSandbox();
    expect((await fetch(authorizeUrl(sandbox, params))).status).toBe(400);
    expect((await decide(sandbox, { user_id: ids.member, decision: 'approve' }, params)).status).toBe(400);
  });

  test('registered addresses are taken exactly', async () => {
    const sandbox = await runSandbox({ redirectUris: ['https://clipdex.example/auth/callback'] });
    expect((await fetch(authorizeUrl(sandbox))).status).toBe(400);
    const registered = { redirect_uri: 'https://clipdex.example/auth/callback' };
    const page = await fetch(authorizeUrl(sandbox, registered));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('value="approve"');
  });
});

describe('an install', () => {
  const install = { scope: 'bot applications.commands identify guilds', permissions: '66560' };

  test('adds the bot for good, as the gateway tells, and the token answer says where', async () => {
    const sandbox = await runSandbox();
    const { client } = await identify(sandbox);
    const params = { ...install, guild_id: ids.otherGuild, disable_guild_select: 'true' };
    const { query } = await decide(sandbox, { user_id: ids.outsider, decision: 'approve' }, params);
    expect(query.get('guild_id')).toBe(ids.otherGuild);
    expect(query.get('permissions')).toBe('66560');
    const { d } = await client.next(({ t, d: guild }) => t === 'GUILD_CREATE' && guild.id === ids.otherGuild);
    expect(d.members).toMatchObject([{ user: { id: ids.bot } }]);
    const { body } = await askToken(sandbox, exchange(query.get('code') ?? ''));
    expect(body.guild).toMatchObject({ id: ids.otherGuild, name: 'Harbour' });
    const { body: roles } = await sandbox.get(`/guilds/${ids.otherGuild}/roles`);
    expect(roles).toContainEqual(expect.objectContaining({ managed: true, permissions: '66560' }));
  });

  test('takes the guild of the form when none is given', async () => {
    const sandbox = await runSandbox();
    const fields = { user_id: ids.outsider, decision: 'approve', guild_id: ids.otherGuild };
    expect((await decide(sandbox, fields, install)).query.get('guild_id')).toBe(ids.otherGuild);
  });

  test.each([ids.member, ids.owner])('is refused to %s, who may not manage that guild', async (userId) => {
    const sandbox = await runSandbox();
    const params = { ...install, guild_id: ids.otherGuild };
    const reply = await decide(sandbox, { user_id: userId, decision: 'approve' }, params);
    expect(reply.status).toBe(403);
    expect((await sandbox.get(`/guilds/${ids.otherGuild}`)).status).toBe(404);
  });
});
