import { describe, expect, onTestFinished, test } from 'vitest';
import { DiscordOauth, type DiscordOauthOptions } from '../../src/access/discord-oauth.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type Answer, json, noAnswer, startScriptedServer, text } from '../discord/scripted-server.ts';
import { recordLog } from '../support/recorded-log.ts';

const SECRET = 'a-secret_of.Discord~s-own_kind:+/%';
const REDIRECT_URI = 'https://clips.example.org/auth/callback';
const code = { code: 'the-code-of-a-user', verifier: 'v'.repeat(43), redirectUri: REDIRECT_URI };
const tokens = {
  token_type: 'Bearer',
  access_token: 'an-access-token',
  refresh_token: 'a-refresh-token',
  expires_in: 604_800,
  scope: 'guilds identify',
};

async function open(options: Partial<DiscordOauthOptions> = {}, answer: Answer = json(200, tokens)) {
  const server = await startScriptedServer(answer);
  onTestFinished(() => server.close());
  const { log, lines } = recordLog();
  const oauth = new DiscordOauth({
    clientId: '81384788765712384',
    clientSecret: SECRET,
    authorizeUrl: 'https://discord.com/oauth2/authorize',
    apiUrl: server.apiUrl,
    clock: systemClock,
    log,
    signal: new AbortController().signal,
    timeoutMs: answer === noAnswer ? 300 : 10_000,
    ...options,
  });
  onTestFinished(() => oauth.close());
  return { oauth, server, lines };
}

describe('what is asked', () => {
  test('is a form with PKCE, by Basic authorization, under our own name', async () => {
    const { oauth, server } = await open();
    expect(await oauth.exchangeCode(code)).toEqual({
      kind: 'granted',
      tokens: {
        accessToken: 'an-access-token',
        refreshToken: 'a-refresh-token',
        expiresInSecs: 604_800,
        scopes: ['guilds', 'identify'],
      },
      guildId: null,
    });
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'POST', path: '/oauth2/token' });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'authorization_code',
      code: code.code,
      redirect_uri: REDIRECT_URI,
      code_verifier: code.verifier,
    });
    expect(request?.headers['user-agent']).toMatch(/^DiscordBot \(https:/);
    expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    const [scheme, encoded = ''] = request?.headers.authorization?.split(' ') ?? [];
    expect(scheme).toBe('Basic');
    // Whoever decodes it as a form, and whoever does not, reads letters, digits, "-" and "_" alike.
    expect(Buffer.from(encoded, 'base64').toString()).toBe(
      '81384788765712384:a-secret_of.Discord%7Es-own_kind%3A%2B%2F%25',
    );
  });

  test('refreshes and revokes', async () => {
    const { oauth, server } = await open();
    expect(await oauth.refresh('a-former-token')).toMatchObject({ kind: 'granted' });
    server.fallback = json(200, {});
    expect(await oauth.revoke('a-refresh-token')).toEqual({ kind: 'revoked' });
    expect(server.received.map(({ path, body }) => [path, body])).toEqual([
      ['/oauth2/token', 'refresh_token=a-former-token&grant_type=refresh_token'],
      ['/oauth2/token/revoke', 'token=a-refresh-token'],
    ]);
  });

  test('sends to Discord with the least permissions, for one guild', async () => {
    const { oauth } = await open();
    const question = { redirectUri: REDIRECT_URI, state: 's', challenge: 'c' };
    const url = new URL(oauth.installUrl({ ...question, guildId: '81384788765712385' }));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: '81384788765712384',
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'identify guilds bot applications.commands',
      state: 's',
      code_challenge: 'c',
      code_challenge_method: 'S256',
      permissions: String((1 << 10) + (1 << 16) + (1 << 20)),
      guild_id: '81384788765712385',
      disable_guild_select: 'true',
      integration_type: '0',
    });
  });

  test('tells of an install where the bot was added', async () => {
    const { oauth, server } = await open();
    server.script.push(json(200, { ...tokens, guild: { id: '81384788765712385', name: 'Film club' } }));
    expect(await oauth.exchangeCode(code)).toMatchObject({ guildId: '81384788765712385' });
    server.script.push(json(200, { ...tokens, guild: { id: 'none' } }));
    expect(await oauth.exchangeCode(code)).toMatchObject({ guildId: null });
  });
});

describe('what is answered', () => {
  test.each<[string, Answer, object]>([
    ['a refusal', json(400, { error: 'invalid_grant' }), { kind: 'refused', reason: 'invalid_grant' }],
    [
      'an older refusal',
      json(400, { error: 'invalid_request' }),
      { kind: 'refused', reason: 'invalid_request' },
    ],
    [
      'a wrong secret',
      json(401, { error: 'invalid_client' }),
      { kind: 'unavailable', reason: 'client_refused' },
    ],
    [
      'a wrong secret, with a challenge',
      json(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="x"' }),
      { kind: 'unavailable', reason: 'client_refused' },
    ],
    ['500', json(500, { error: 'invalid_grant' }), { kind: 'unavailable', httpStatus: 500 }],
    ['429', json(429, { error: 'invalid_grant' }), { kind: 'unavailable', httpStatus: 429 }],
    ['a page of a guard', text(403, '<html>'), { kind: 'unavailable' }],
    [
      'a refusal of another kind',
      json(403, { error: 'invalid_grant' }),
      { kind: 'unavailable', reason: 'failed' },
    ],
    ['a page', text(200, '<html>'), { kind: 'unavailable', reason: 'malformed' }],
    ['a refusal without a word', json(400, { message: 'no' }), { kind: 'unavailable' }],
    [
      'no token',
      json(200, { ...tokens, access_token: undefined }),
      { kind: 'unavailable', reason: 'malformed' },
    ],
    ['no refresh token', json(200, { ...tokens, refresh_token: undefined }), { reason: 'malformed' }],
    ['a token without an end', json(200, { ...tokens, expires_in: undefined }), { reason: 'malformed' }],
    ['a token of another type', json(200, { ...tokens, token_type: 'mac' }), { reason: 'malformed' }],
    ['an end that is no number', json(200, { ...tokens, expires_in: 'soon' }), { reason: 'malformed' }],
    ['null', json(200, null), { kind: 'unavailable', reason: 'malformed' }],
    ['a redirect', json(302, {}, { location: 'http://127.0.0.1:1/' }), { kind: 'unavailable' }],
    [
      'too much',
      json(200, { ...tokens, scope: 'x'.repeat(300_000) }),
      { kind: 'unavailable', reason: 'no_answer' },
    ],
    ['nothing', noAnswer, { kind: 'unavailable', reason: 'no_answer' }],
  ])('%s', async (_, answer, outcome) => {
    const { oauth, server, lines } = await open({}, answer);
    expect(await oauth.exchangeCode(code)).toMatchObject(outcome);
    expect(await oauth.refresh('a-former-token')).toMatchObject(outcome);
    expect(server.received).toHaveLength(2); // a code or token that was sent once is not sent again
    for (const secret of [
      SECRET,
      code.code,
      code.verifier,
      'an-access-token',
      'a-refresh-token',
      'a-former-token',
    ]) {
      expect(lines.join('')).not.toContain(secret);
    }
  });

  test('a wrong secret is told to whoever reads the log', async () => {
    const { oauth, lines } = await open({}, json(401, { error: 'invalid_client' }));
    await oauth.exchangeCode(code);
    expect(lines.join('')).toContain('DISCORD_CLIENT_SECRET is refused');
  });

  test('nobody is waited for when the caller, or the program, stops', async () => {
    const life = new AbortController();
    const caller = new AbortController();
    const { oauth } = await open({ signal: life.signal, timeoutMs: 60_000 }, noAnswer);
    const asked = oauth.exchangeCode(code, caller.signal);
    caller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    const refreshed = oauth.refresh('a-former-token');
    life.abort();
    await expect(refreshed).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a server that is not there is unavailable', async () => {
    const { oauth, server } = await open();
    await server.close();
    server.close = async () => {};
    expect(await oauth.exchangeCode(code)).toMatchObject({ kind: 'unavailable', reason: 'no_answer' });
  });
});

test.each([
  ['http://discord.example/api', 'https://discord.com/oauth2/authorize'],
  ['http://127.0.0.1.evil.example/api', 'https://discord.com/oauth2/authorize'],
  ['https://discord.com/api', 'http://10.0.0.1/oauth2/authorize'],
])('no secret is sent over http to another machine: %s, %s', (apiUrl, authorizeUrl) => {
  const { log } = recordLog();
  const { signal } = new AbortController();
  const options = {
    clientId: '1',
    clientSecret: SECRET,
    apiUrl,
    authorizeUrl,
    clock: systemClock,
    log,
    signal,
  };
  expect(() => new DiscordOauth(options)).toThrowError(expect.objectContaining({ code: 'discord_insecure' }));
});
