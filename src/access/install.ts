import { consumeInstallIntent, createInstallIntent } from '../db/install-intents.ts';
import { listViewerGuilds, replaceViewerGuilds, type ToldGuild } from '../db/viewer-guilds.ts';
import { has, Permission } from '../discord/permissions.ts';
import type { OauthTokens } from './discord-oauth.ts';
import { readIdentity, toToldGuild } from './login.ts';
import type { LoginServices } from './login-services.ts';
import { beginOauth, readOauthReturn } from './oauth-state.ts';
import type { Viewer } from './viewer.ts';

export type InstallServices = LoginServices & {
  installs: 'open' | 'operators';
  /** Life of an intent. */
  intentSecs: number;
};

/** Why an install does not begin. */
export type InstallRefusal = 'not_configured' | 'operators_only' | 'not_a_manager' | 'already_installed';

export type BegunInstall = { kind: 'begun'; url: string; cookie: string } | { kind: InstallRefusal };

/**
 * `mismatched`: the answer belongs to another question than the browser's. `foreign`: the browser brings what somebody else
 * began, or Discord asked another account. `wrong_guild`: the bot is in another guild than the intent's. `not_a_manager`:
 * who came back manages no such guild.
 */
export type InstallOutcome =
  | { kind: 'installed'; guildId: string }
  | {
      kind:
        | 'not_logged_in'
        | 'denied'
        | 'expired'
        | 'mismatched'
        | 'foreign'
        | 'wrong_guild'
        | 'not_a_manager'
        | 'refused'
        | 'unavailable';
      guildId: string | null;
    };

type InstallData = { guildId: string; userId: string };

/** Discord's page that asks whether the bot may join the guild, and what the browser keeps meanwhile. */
export async function beginInstall(
  services: InstallServices,
  viewer: Viewer,
  { guildId, redirectUri }: { guildId: string; redirectUri: string },
): Promise<BegunInstall> {
  const { db, oauth, installs, intentSecs } = services;
  if (!oauth) return { kind: 'not_configured' };
  if (installs === 'operators' && !viewer.isOperator) return { kind: 'operators_only' };
  const guild = (await listViewerGuilds(db, viewer)).find(({ id }) => id === guildId);
  if (!guild || !mayInstall(guild)) return { kind: 'not_a_manager' };
  if (guild.isInstalled) return { kind: 'already_installed' };
  const { userId } = viewer;
  const { state } = await createInstallIntent(db, { userId, guildId, ttlSeconds: intentSecs });
  const data: InstallData = { guildId, userId };
  const { question, cookie } = beginOauth(services, 'install', {
    redirectUri,
    state,
    data,
    lifeMs: intentSecs * 1000,
  });
  return { kind: 'begun', url: oauth.installUrl({ ...question, guildId }), cookie };
}

/**
 * Takes what the browser brings back from Discord. Believed are the intent, which is used up whatever comes of it, and
 * Discord's answer for the code: who agreed, in which guild, and what they may do there.
 */
export async function completeInstall(
  services: InstallServices,
  viewer: Viewer | null,
  given: { cookie: string | null; query: URLSearchParams },
): Promise<InstallOutcome> {
  const { db, oauth } = services;
  if (viewer === null) return { kind: 'not_logged_in', guildId: null };
  const returned = readOauthReturn<InstallData>(services, 'install', given);
  if (!('data' in returned)) return { kind: returned.kind, guildId: null };
  const { guildId, userId } = returned.data;
  if (userId !== viewer.userId) return { kind: 'foreign', guildId: null };
  const intent = await consumeInstallIntent(db, { state: returned.state, userId, guildId });
  if (!intent || !oauth) return { kind: 'expired', guildId };
  if (returned.kind !== 'code') return { kind: returned.kind, guildId };
  const granted = await oauth.exchangeCode(returned);
  if (granted.kind !== 'granted') return { kind: granted.kind, guildId };
  const kind = await acceptInstall(services, userId, granted.tokens, granted.guildId, guildId);
  return { kind, guildId };
}

async function acceptInstall(
  services: InstallServices,
  userId: string,
  tokens: OauthTokens,
  installedId: string | null,
  guildId: string,
): Promise<InstallOutcome['kind']> {
  const identity = await readIdentity(services, tokens.accessToken);
  if (identity.kind !== 'known') return identity.kind;
  if (identity.profile.id !== userId) return 'foreign';
  const guilds = identity.guilds.map(toToldGuild);
  await services.db.transaction(async (tx) => {
    await services.grants.store(tx, userId, tokens);
    await replaceViewerGuilds(tx, userId, guilds);
  });
  if (installedId !== guildId) return 'wrong_guild';
  const guild = guilds.find(({ id }) => id === guildId);
  return guild && mayInstall(guild) ? 'installed' : 'not_a_manager';
}

/** Discord lets those add a bot who manage the guild. */
export function mayInstall({ isOwner, permissions }: Pick<ToldGuild, 'isOwner' | 'permissions'>): boolean {
  return isOwner || has(permissions, Permission.administrator) || has(permissions, Permission.manageGuild);
}
