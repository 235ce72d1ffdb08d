import type { APIUser, RESTAPIPartialCurrentUserGuild } from 'discord-api-types/v10';
import type { Session } from '../db/sessions.ts';
import { deleteSessionBySecret } from '../db/sessions.ts';
import { type User, upsertUserFromLogin } from '../db/users.ts';
import { replaceViewerGuilds, type ToldGuild } from '../db/viewer-guilds.ts';
import { DiscordError } from '../discord/discord-error.ts';
import { withDeadline } from '../lib/deadline.ts';
import { ClipdexError, isTimeoutError } from '../lib/errors.ts';
import { type DiscordOauth, loginScopes, type OauthTokens } from './discord-oauth.ts';
import type { LoginServices } from './login-services.ts';
import { beginOauth, readOauthReturn } from './oauth-state.ts';
import { safeReturnPath } from './return-path.ts';
import { hashSecret } from './secrets.ts';
import { createSession } from './sessions.ts';

export type LoginReturn = {
  /** What `beginLogin` gave the browser; null: it came without. */
  cookie: string | null;
  /** Of the callback. */
  query: URLSearchParams;
  userAgent: string | null;
  /** The session that this browser had; it ends, so that nobody can plant one. */
  formerSecret: string | null;
};

/** `refused`: Discord does not take the code, or the user granted less than a login needs. */
export type LoginOutcome =
  | { kind: 'logged_in'; secret: string; session: Session; user: User; returnTo: string }
  | { kind: 'denied' | 'expired' | 'mismatched' | 'refused' | 'unavailable' };

type LoginData = { returnTo: string };

const IDENTITY_TIMEOUT_MS = 15_000; // for who it is and in which guilds; the browser shows nothing meanwhile

/** The page of Discord's that the browser goes to, and what it keeps meanwhile. @throws ClipdexError `login_not_configured` */
export function beginLogin(
  services: LoginServices,
  { returnTo, redirectUri }: { returnTo: string; redirectUri: string },
): { url: string; cookie: string } {
  const oauth = requireOauth(services);
  const data: LoginData = { returnTo: safeReturnPath(returnTo) };
  const { question, cookie } = beginOauth(services, 'login', { redirectUri, data });
  return { url: oauth.loginUrl(question), cookie };
}

/** Makes a session of what the browser brings back from Discord. */
export async function completeLogin(services: LoginServices, given: LoginReturn): Promise<LoginOutcome> {
  const oauth = requireOauth(services);
  const returned = readOauthReturn<LoginData>(services, 'login', given);
  if (returned.kind !== 'code') return { kind: returned.kind };
  const granted = await oauth.exchangeCode(returned);
  if (granted.kind !== 'granted') return { kind: granted.kind };
  const { tokens } = granted;
  if (!loginScopes.every((scope) => tokens.scopes.includes(scope))) return { kind: 'refused' };
  const identity = await readIdentity(services, tokens.accessToken);
  if (identity.kind !== 'known') return identity;
  const { user, secret, session } = await storeLogin(services, { ...given, ...identity, tokens });
  return { kind: 'logged_in', secret, session, user, returnTo: returned.data.returnTo };
}

export function requireOauth({ oauth }: LoginServices): DiscordOauth {
  if (oauth) return oauth;
  throw new ClipdexError(
    'login_not_configured',
    'Nobody can log in: set DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET, which the page OAuth2 of the application in the developer portal has.',
  );
}

type Identity = { profile: APIUser; guilds: RESTAPIPartialCurrentUserGuild[] };

/** Who gave a token, and which guilds they are in. */
export async function readIdentity(
  { rest }: LoginServices,
  accessToken: string,
): Promise<({ kind: 'known' } & Identity) | { kind: 'refused' | 'unavailable' }> {
  const discord = rest.asUser(accessToken);
  try {
    return await withDeadline(IDENTITY_TIMEOUT_MS, undefined, async (signal) => {
      const [profile, guilds] = await Promise.all([discord.getUser(signal), discord.listGuilds(signal)]);
      return { kind: 'known' as const, profile, guilds };
    });
  } catch (error) {
    if (isTimeoutError(error)) return { kind: 'unavailable' };
    if (!(error instanceof DiscordError)) throw error;
    return { kind: error.kind === 'unauthorized' ? 'refused' : 'unavailable' };
  }
}

/** All of it or nothing: a session without its grant would show a user nothing. */
async function storeLogin(
  services: LoginServices,
  login: Identity & { tokens: OauthTokens } & Pick<LoginReturn, 'userAgent' | 'formerSecret'>,
): Promise<{ user: User; secret: string; session: Session }> {
  const { profile, guilds, tokens, userAgent, formerSecret } = login;
  const { db, grants, sessionLife: life } = services;
  return db.transaction(async (tx) => {
    const user = await upsertUserFromLogin(tx, {
      discordUserId: profile.id,
      username: profile.username,
      globalName: profile.global_name,
      avatar: profile.avatar,
    });
    const userId = user.discordUserId;
    await grants.store(tx, userId, tokens);
    await replaceViewerGuilds(tx, userId, guilds.map(toToldGuild));
    if (formerSecret !== null) await deleteSessionBySecret(tx, hashSecret(formerSecret));
    return { user, ...(await createSession(tx, { userId, userAgent, life })) };
  });
}

/** For whoever reads the list anew. */
export function toToldGuild(guild: RESTAPIPartialCurrentUserGuild): ToldGuild {
  const { id, name, icon, owner, permissions } = guild;
  return { id, name, icon, isOwner: owner, permissions: BigInt(permissions) };
}
