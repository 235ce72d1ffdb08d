import { describe, expect, test } from 'vitest';
import { createAnswerCheck, hasOpenApi } from './discord-openapi.ts';
import {
  askToken,
  asUser,
  authorizeUrl,
  decide,
  exchange,
  login,
  type Params,
  redirectUri,
} from './oauth-client.ts';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { ids } from './small-world.ts';

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

  test('is asked for on a page that shows everybody, also who has approved before', async () => {
    const sandbox = await runSandbox();
    await login(sandbox, ids.member);
    const page = await fetch(authorizeUrl(sandbox, { prompt: 'none' }), { redirect: 'manual' });
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const text = await page.text();
    for (const id of [ids.owner, ids.manager, ids.member, ids.outsider])
      expect(text).toContain(`value="${id}"`);
    expect(text).not.toContain(`value="${ids.bot}"`);
    expect(text).not.toContain('<script');
  });

  test('is remembered in the browser, by these pages alone', async () => {
    const sandbox = await runSandbox();
    const { cookie } = await decide(sandbox, { user_id: ids.member, decision: 'approve' });
    expect(cookie).toBe(`sandbox_person=${ids.member}; Path=/oauth2; HttpOnly; SameSite=Lax`);
    const checked = async (headers: Params) => {
      const text = await (await fetch(authorizeUrl(sandbox), { headers })).text();
      return /value="(\d+)"[^>]* checked/.exec(text)?.[1];
    };
    expect(await checked({ cookie: `a=b; ${cookie}` })).toBe(ids.member);
    expect(await checked({ cookie: `sandbox_person=${ids.bot}` })).toBe(await checked({}));
  });

  test('names are shown as they are, whatever they hold', async () => {
    const sandbox = await runSandbox();
    const name = `<img src=x onerror="alert('1')">&`;
    await sandbox.control('update-user', { user_id: ids.member, global_name: name });
    await sandbox.control('update-guild', { guild_id: ids.guild, name });
    for (const params of [{}, { scope: 'bot', as: ids.manager }, { scope: 'bot', as: ids.member }]) {
      const text = await (await fetch(authorizeUrl(sandbox, params))).text();
      expect(text).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
      expect(text).not.toContain('<img src=x');
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

  test('refreshes, once with each token, for the same scopes or fewer', async () => {
    const sandbox = await runSandbox();
    const { body: first } = await login(sandbox, ids.member);
    const refresh = (token: string, scope?: string) =>
      askToken(sandbox, { grant_type: 'refresh_token', refresh_token: token, ...(scope && { scope }) });
    const wider = await refresh(first.refresh_token, 'identify email');
    expect(wider).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    const { body: second } = await refresh(first.refresh_token);
    expect(second).toMatchObject({ token_type: 'Bearer', scope: 'identify guilds' });
    expect(second).not.toHaveProperty('guild');
    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Invalid "refresh_token" in request.' },
    });
    expect((await refresh(second.access_token)).body.error).toBe('invalid_grant');
    const { body: third } = await refresh(second.refresh_token, 'identify');
    expect(third.scope).toBe('identify');
    expect((await sandbox.get('/users/@me/guilds', asUser(third.access_token))).status).toBe(401);
    const restarted = await runSandbox();
    expect((await restarted.get('/users/@me', asUser(second.access_token))).status).toBe(200);
  });

  test('an access token expires by itself', async () => {
    const sandbox = await runSandbox();
    await sandbox.control('token-life', { secs: 3 });
    const { body: short } = await login(sandbox, ids.member);
    const status = async () => (await sandbox.get('/users/@me', asUser(short.access_token))).status;
    expect(await status()).toBe(200);
    await expect.poll(status, { timeout: 20_000 }).toBe(401);
  });
});

describe('what a user granted', () => {
  const statuses = (sandbox: TestSandbox, tokens: { access_token: string }[]) =>
    Promise.all(
      tokens.map(async ({ access_token: token }) => (await sandbox.get('/users/@me', asUser(token))).status),
    );

  test('ends as a whole with any of its tokens, and nobody else is touched', async () => {
    for (const kind of ['access_token', 'refresh_token']) {
      const sandbox = await runSandbox();
      const [phone, laptop] = [
        (await login(sandbox, ids.member)).body,
        (await login(sandbox, ids.member)).body,
      ];
      const other = (await login(sandbox, ids.owner)).body;
      const revoked = await askToken(sandbox, { token: phone[kind], token_type_hint: 'x' }, 'token/revoke');
      expect(revoked).toMatchObject({ status: 200, body: {} });
      expect(await statuses(sandbox, [phone, laptop, other])).toEqual([401, 401, 200]);
      for (const { refresh_token } of [phone, laptop]) {
        const refresh = await askToken(sandbox, { grant_type: 'refresh_token', refresh_token });
        expect(refresh.body.error).toBe('invalid_grant');
      }
      expect(await statuses(sandbox, [(await login(sandbox, ids.member)).body])).toEqual([200]);
    }
  });

  test('does not end with what is no living token', async () => {
    const sandbox = await runSandbox();
    const { body: first } = await login(sandbox, ids.member);
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const { body: second } = await askToken(sandbox, refresh);
    for (const token of [first.refresh_token, 'nothing', `${second.access_token}x`]) {
      expect((await askToken(sandbox, { token }, 'token/revoke')).status).toBe(200);
    }
    expect(await statuses(sandbox, [second])).toEqual([200]);
    expect((await askToken(sandbox, {}, 'token/revoke')).body.error).toBe('invalid_request');
    const stranger = { ...sandbox, clientSecret: 'guess' };
    expect(await askToken(stranger, { token: second.access_token }, 'token/revoke')).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await statuses(sandbox, [second])).toEqual([200]);
  });

  test('is listed, and taken back by the user, with the codes that nobody redeemed', async () => {
    const sandbox = await runSandbox();
    const { body } = await login(sandbox, ids.member);
    expect((await sandbox.control('authorizations')).body.authorizations).toEqual([
      { user_id: ids.member, scopes: ['guilds', 'identify'] },
    ]);
    const { query } = await decide(sandbox, { user_id: ids.member, decision: 'approve' });
    await sandbox.control('end-authorization', { user_id: ids.member });
    expect(await statuses(sandbox, [body])).toEqual([401]);
    expect((await askToken(sandbox, exchange(query.get('code') ?? ''))).body.error).toBe('invalid_grant');
    expect((await sandbox.control('authorizations')).body.authorizations).toEqual([]);
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
    ['a redirect that is a script', { redirect_uri: 'javascript://127.0.0.1/%0aalert(1)' }],
    ['a redirect to a fragment', { redirect_uri: `${redirectUri}#here` }],
    ['another application', { client_id: '1' }],
    ['another response type', { response_type: 'token' }],
    ['no scope', { scope: '' }],
    ['an unknown scope', { scope: 'identify everything' }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['a guild that is no id', { guild_id: 'x' }],
    ['permissions that are no number', { permissions: 'all' }],
    ['another prompt', { prompt: 'login' }],
    ['an install to an account', { integration_type: '1' }],
  ])('%s gets a page, not a redirect', async (_, params) => {
    const sandbox = await runSandbox();
    expect((await fetch(authorizeUrl(sandbox, params))).status).toBe(400);
    expect((await decide(sandbox, { user_id: ids.member, decision: 'approve' }, params)).status).toBe(400);
  });

  test('the page names the error as OAuth does', async () => {
    const sandbox = await runSandbox();
    for (const [params, error] of [
      [{ scope: 'identify everything' }, 'invalid_scope'],
      [{ client_id: '1' }, 'invalid_client'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ] as const) {
      const text = await (await fetch(authorizeUrl(sandbox, params))).text();
      expect(text).toContain(`<code>${error}</code>`);
      expect(text).not.toContain('value="approve"');
    }
  });

  test('a decision that is none, or of nobody, is refused', async () => {
    const sandbox = await runSandbox();
    for (const fields of [
      { user_id: ids.member },
      { user_id: ids.member, decision: 'perhaps' },
      { user_id: ids.bot, decision: 'approve' },
      { user_id: '1', decision: 'approve' },
    ]) {
      expect(await decide(sandbox, fields as Params)).toMatchObject({ status: 400, location: null });
    }
  });

  test('a page of another site cannot decide', async () => {
    const sandbox = await runSandbox();
    const reply = await fetch(authorizeUrl(sandbox), {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ user_id: ids.member, decision: 'approve' }),
      redirect: 'manual',
    });
    expect(reply.status).toBe(403);
    expect((await sandbox.control('authorizations')).body.authorizations).toEqual([]);
  });

  test('registered addresses are taken exactly', async () => {
    const sandbox = await runSandbox({ redirectUris: ['https://clipdex.example/auth/callback'] });
    expect((await fetch(authorizeUrl(sandbox))).status).toBe(400);
    const registered = { redirect_uri: 'https://clipdex.example/auth/callback' };
    const page = await fetch(authorizeUrl(sandbox, registered));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('value="approve"');
    expect(
      (await fetch(authorizeUrl(sandbox, { redirect_uri: 'https://clipdex.example/auth' }))).status,
    ).toBe(400);
  });
});
