import type { ApiToken } from '../db/api-tokens.ts';
import type { Allowance } from '../db/rate-limits.ts';
import type { Session } from '../db/sessions.ts';
import type { Sight } from '../db/sight.ts';
import { getUser } from '../db/users.ts';
import { getViewerSettings, setShowsAgeRestricted } from '../db/viewers.ts';
import * as tokens from './api-tokens.ts';
import { type BegunInstall, beginInstall, completeInstall, type InstallOutcome } from './install.ts';
import { beginLogin, completeLogin, type LoginOutcome, type LoginReturn } from './login.ts';
import type { LoginServices } from './login-services.ts';
import * as sessions from './sessions.ts';
import { listSetupChannels, type SetupChannel } from './setup-channels.ts';
import type { Viewer } from './viewer.ts';
import type { OwnGuild, ViewerSights } from './viewer-sight.ts';

export type AccessOptions = {
  login: LoginServices;
  sights: ViewerSights;
  operatorIds: readonly string[];
  installs: 'open' | 'operators';
  /** Life of an install intent. */
  intentSecs: number;
  /** Discord's id of the bot. */
  findBotUserId: () => Promise<string>;
};

/** Everything that the web role asks of who is logged in, and of what they may see and do. */
export class Access {
  readonly #options: AccessOptions;
  readonly #operatorIds: ReadonlySet<string>;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#operatorIds = new Set(options.operatorIds);
  }

  async viewerOfSession(secret: string): Promise<Viewer | null> {
    const session = await sessions.findSession(this.#options.login, secret);
    if (!session) return null;
    const { userId } = session;
    return { userId, isOperator: this.#operatorIds.has(userId), scope: 'manage', session: session.id };
  }

  async viewerOfToken(secret: string): Promise<Viewer | null> {
    const token = await tokens.findApiToken(this.#options.login.db, secret);
    if (!token) return null;
    const { userId, scope } = token;
    return { userId, isOperator: this.#operatorIds.has(userId), scope, session: null };
  }

  /** What the viewer sees, brought up to date. */
  async prepareSight(viewer: Viewer): Promise<Sight> {
    return this.#options.sights.prepareSight(viewer);
  }

  async mayManage(viewer: Viewer, guildId: string): Promise<'yes' | 'no' | 'unknown'> {
    return this.#options.sights.mayManage(viewer, guildId);
  }

  /** Null, or milliseconds until there is room. */
  async takeAllowance(allowance: Allowance): Promise<number | null> {
    return this.#options.login.rateLimiter.take(allowance);
  }

  beginLogin(wish: { returnTo: string; redirectUri: string }): { url: string; cookie: string } {
    return beginLogin(this.#options.login, wish);
  }

  async completeLogin(given: LoginReturn): Promise<LoginOutcome> {
    return completeLogin(this.#options.login, given);
  }

  async describeViewer({ userId, isOperator, scope }: Viewer) {
    const { db } = this.#options.login;
    const user = await getUser(db, userId);
    const { username = null, globalName = null, avatar = null } = user ?? {};
    return {
      id: userId,
      username,
      globalName,
      avatar,
      isOperator,
      scope,
      ...(await getViewerSettings(db, userId)),
    };
  }

  async setShowsAgeRestricted({ userId }: Viewer, isShown: boolean): Promise<void> {
    await setShowsAgeRestricted(this.#options.login.db, userId, isShown);
  }

  async listSessions({ userId }: Viewer): Promise<Session[]> {
    return sessions.listSessions(this.#options.login, userId);
  }

  /** False: the viewer has no such session. */
  async endSession({ userId }: Viewer, id: string): Promise<boolean> {
    return sessions.endSession(this.#options.login, userId, id);
  }

  async endAllSessions({ userId }: Viewer): Promise<void> {
    await sessions.endAllSessions(this.#options.login, userId);
  }

  async listTokens({ userId }: Viewer): Promise<ApiToken[]> {
    return tokens.listApiTokens(this.#options.login.db, userId);
  }

  async createToken({ userId }: Viewer, wish: tokens.TokenWish): Promise<tokens.CreatedToken> {
    return tokens.createApiToken(this.#options.login.db, userId, wish);
  }

  /** False: the viewer has no such token. */
  async revokeToken({ userId }: Viewer, id: string): Promise<boolean> {
    return tokens.revokeApiToken(this.#options.login.db, userId, id);
  }

  /** The viewer's guilds on Discord, whether or not the bot is there. */
  async listOwnGuilds(viewer: Viewer): Promise<OwnGuild[]> {
    return this.#options.sights.listOwnGuilds(viewer);
  }

  async beginInstall(viewer: Viewer, wish: { guildId: string; redirectUri: string }): Promise<BegunInstall> {
    await this.prepareSight(viewer);
    return beginInstall(this.#installServices(), viewer, wish);
  }

  async completeInstall(
    viewer: Viewer | null,
    given: { cookie: string | null; query: URLSearchParams },
  ): Promise<InstallOutcome> {
    return completeInstall(this.#installServices(), viewer, given);
  }

  /** The channels of a guild as they are offered when it is set up. */
  async listSetupChannels(sight: Sight, guildId: string): Promise<SetupChannel[]> {
    const botUserId = await this.#options.findBotUserId();
    return listSetupChannels(this.#options.login.db, sight, guildId, botUserId);
  }

  #installServices() {
    const { login, installs, intentSecs } = this.#options;
    return { ...login, installs, intentSecs };
  }
}
