import * as oauth from 'openid-client';
import { Pool } from 'undici';
import { INSTALL_PERMISSIONS } from '../discord/permissions.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import type { Clock } from '../lib/clock.ts';
import { ClipdexError } from '../lib/errors.ts';
import { linkSignals } from '../lib/linked-signal.ts';
import type { Logger } from '../lib/log.ts';
import { type OauthFailure, readFailure } from './oauth-failure.ts';
import { clientAuth, OAUTH_TIMEOUT_MS, oauthFetch } from './oauth-fetch.ts';

export type DiscordOauthOptions = {
  clientId: string;
  clientSecret: string;
  authorizeUrl: string;
  /** Without version. */
  apiUrl: string;
  clock: Clock;
  log: Logger;
  /** The life of the program. */
  signal: AbortSignal;
  /** Of one exchange. */
  timeoutMs?: number;
};

export type OauthTokens = {
  accessToken: string;
  refreshToken: string;
  expiresInSecs: number;
  scopes: readonly string[];
};

/** `guildId`: of an install, where the bot was really added. */
export type Granted = { kind: 'granted'; tokens: OauthTokens; guildId: string | null };

/** What a user is sent to Discord with. */
export type AuthorizeQuestion = { redirectUri: string; state: string; challenge: string };

const API_VERSION = 'v10';
const MAX_CONNECTIONS = 8; // exchanges at once; more wait
const CONNECT_TIMEOUT_MS = 5_000;

export const loginScopes = ['identify', 'guilds'] as const;
const installScopes = [...loginScopes, 'bot', 'applications.commands'];

/** Discord's OAuth: where users are sent, and what their codes and tokens are exchanged for. No secret in any error. */
export class DiscordOauth {
  readonly #options: DiscordOauthOptions;
  readonly #pool: Pool;

  /** @throws ClipdexError `discord_insecure` */
  constructor(options: DiscordOauthOptions) {
    for (const url of [options.apiUrl, options.authorizeUrl]) assertSafe(url);
    this.#options = options;
    this.#pool = new Pool(new URL(options.apiUrl).origin, {
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: 0, // the exchange has deadlines of its own
      bodyTimeout: 0,
    });
  }

  /** Whoever has agreed before comes back without being asked. */
  loginUrl(question: AuthorizeQuestion): string {
    return this.#authorizeUrl(question, { scope: loginScopes.join(' '), prompt: 'none' });
  }

  installUrl({ guildId, ...question }: AuthorizeQuestion & { guildId: string }): string {
    return this.#authorizeUrl(question, {
      scope: installScopes.join(' '),
      permissions: String(INSTALL_PERMISSIONS),
      guild_id: guildId,
      disable_guild_select: 'true',
      integration_type: '0', // into a server, as opposed to an account
    });
  }

  /** `redirectUri` and `verifier`: those of the question that the code answers. */
  async exchangeCode(
    { code, verifier, redirectUri }: { code: string; verifier: string; redirectUri: string },
    signal?: AbortSignal,
  ): Promise<Granted | OauthFailure> {
    const callback = new URL(redirectUri);
    callback.searchParams.set('code', code);
    return this.#ask('code', signal, async (configuration) =>
      readTokens(await oauth.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier: verifier })),
    );
  }

  /** Uses the token up: the answer has another one. */
  async refresh(refreshToken: string, signal?: AbortSignal): Promise<Granted | OauthFailure> {
    return this.#ask('refresh', signal, async (configuration) =>
      readTokens(await oauth.refreshTokenGrant(configuration, refreshToken)),
    );
  }

  /** Discord takes back everything that the user granted us, whichever of the tokens it is. */
  async revoke(token: string, signal?: AbortSignal): Promise<{ kind: 'revoked' } | OauthFailure> {
    return this.#ask('revoke', signal, async (configuration) => {
      await oauth.tokenRevocation(configuration, token);
      return { kind: 'revoked' as const };
    });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #authorizeUrl(question: AuthorizeQuestion, parameters: Record<string, string>): string {
    return oauth.buildAuthorizationUrl(this.#configure(), {
      redirect_uri: new URL(question.redirectUri).href, // as the exchange will write it
      state: question.state,
      code_challenge: question.challenge,
      code_challenge_method: 'S256',
      ...parameters,
    }).href;
  }

  async #ask<Answer>(
    what: 'code' | 'refresh' | 'revoke',
    callerSignal: AbortSignal | undefined,
    work: (configuration: oauth.Configuration) => Promise<Answer>,
  ): Promise<Answer | OauthFailure> {
    const { signal: life, log, clock, timeoutMs = OAUTH_TIMEOUT_MS } = this.#options;
    const { controller, unlink } = linkSignals(life, callerSignal);
    const { signal } = controller;
    const configuration = this.#configure();
    configuration[oauth.customFetch] = oauthFetch({ dispatcher: this.#pool, timeoutMs, clock, signal });
    try {
      return await work(configuration);
    } catch (error) {
      signal.throwIfAborted();
      const failure = readFailure(error);
      if (failure.kind === 'unavailable') log.warn({ what, ...failure }, adviceOf(failure.reason));
      return failure;
    } finally {
      unlink();
    }
  }

  /** One for each use: it is where the library takes its `fetch` from, and ours has the signal of the use. */
  #configure(): oauth.Configuration {
    const { clientId, clientSecret, authorizeUrl, apiUrl } = this.#options;
    const root = `${apiUrl}/${API_VERSION}/oauth2`;
    const server = {
      issuer: new URL(apiUrl).origin,
      authorization_endpoint: authorizeUrl,
      token_endpoint: `${root}/token`,
      revocation_endpoint: `${root}/token/revoke`,
    };
    const auth = clientAuth(clientId, clientSecret);
    const configuration = new oauth.Configuration(server, clientId, undefined, auth);
    configuration.timeout = 0; // our `fetch` has its own
    oauth.allowInsecureRequests(configuration); // what is insecure was refused by the constructor
    return configuration;
  }
}

function readTokens(answer: oauth.TokenEndpointResponse): Granted | OauthFailure {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSecs, scope } = answer;
  if (refreshToken === undefined || expiresInSecs === undefined) {
    return { kind: 'unavailable', reason: 'malformed', httpStatus: 200 };
  }
  const tokens = { accessToken, refreshToken, expiresInSecs, scopes: (scope ?? '').split(' ') };
  const { guild } = answer as { guild?: { id?: unknown } | null };
  return { kind: 'granted', tokens, guildId: isSnowflake(guild?.id) ? guild.id : null };
}

function adviceOf(reason: string): string {
  return reason === 'client_refused'
    ? 'discord: DISCORD_CLIENT_ID or DISCORD_CLIENT_SECRET is refused; see the page OAuth2 of the application'
    : 'discord: no use of OAuth now';
}

/** Whoever listens to http on its way hears the client secret; on this machine nobody does. */
function assertSafe(url: string): void {
  const { protocol, hostname } = new URL(url);
  const isLoopback = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
  if (protocol === 'https:' || isLoopback) return;
  throw new ClipdexError(
    'discord_insecure',
    'DISCORD_API_URL and DISCORD_AUTHORIZE_URL must be https addresses, or lie on this machine: a login sends the client secret there.',
  );
}
