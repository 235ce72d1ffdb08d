import type { Database, Queryable } from '../db/database.ts';
import { DatabaseOutage } from '../db/database-outage.ts';
import * as stored from '../db/discord-grants.ts';
import { DiscordError } from '../discord/discord-error.ts';
import type { DiscordUser } from '../discord/discord-user.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { isTimeoutError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { DiscordOauth, OauthTokens } from './discord-oauth.ts';
import type { Sealer } from './seal.ts';

export type GrantsOptions = {
  db: Database;
  rest: DiscordRest;
  oauth: DiscordOauth | null;
  sealer: Sealer;
  clock: Clock;
  log: Logger;
};

/** `no_grant`: the user gave none, or took it back, and has to log in again. `unavailable`: Discord cannot be asked now. */
export type GrantUse<Result> = { kind: 'done'; result: Result } | { kind: 'no_grant' | 'unavailable' };

type Grant = stored.DiscordGrant;
type SealedTokens = Omit<Grant, 'userId'>;
type Readable = { kind: 'readable'; grant: Grant; tokens: { access: string; refresh: string } };
type Refresh = 'renewed' | 'busy' | 'unavailable' | { refused: Grant; reason: string };

/** What Discord says of a refresh token that is no good any more; other refusals are about how we ask. */
const endingReasons: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_request', 'invalid_token']);

const REFRESH_BEFORE_SECS = 300; // so that nobody has to wait for a refresh by another process
const MAX_REFRESHES = 3; // at once: each holds one of the pool's twelve connections for as long as Discord may take
const USE_TIMEOUT_MS = 10_000; // of a call with a token, its refresh not counted; somebody waits for it
const OTHERS_PATIENCE_MS = 12_000; // for a refresh elsewhere, which Discord gets 10 s for
const OTHERS_POLL_MS = 200;
const REVOKE_PATIENCE_MS = 3_000; // so long a logout waits for Discord
const LATE_STORES = 6; // tries, over some seconds, to store tokens that Discord will not give again
const LATE_STORE_FIRST_MS = 200;
const LATE_STORE_MAX_MS = 3_000;

/**
 * What users granted us at Discord. A grant that Discord refuses, or whose key is gone, ends, and with it all sessions of
 * its user; an outage ends nothing.
 */
export class Grants {
  readonly #options: GrantsOptions;
  #refreshes = 0;

  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  /** The grant of the latest login counts. */
  async store(db: Queryable, userId: string, tokens: OauthTokens): Promise<void> {
    await stored.upsertGrant(db, { userId, ...this.#seal(userId, tokens) });
  }

  /** Does what a user's token is good for, with one that is. */
  async use<Result>(
    userId: string,
    work: (user: DiscordUser, signal: AbortSignal) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<GrantUse<Result>> {
    const current = await this.#current(userId, signal);
    if (current.kind !== 'readable') return current;
    const user = this.#options.rest.asUser(current.tokens.access);
    try {
      return { kind: 'done', result: await withDeadline(USE_TIMEOUT_MS, signal, (s) => work(user, s)) };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DiscordError || isTimeoutError(error))) throw error;
      if (!(error instanceof DiscordError && error.kind === 'unauthorized')) return { kind: 'unavailable' };
      const isEnded = await this.#end(current.grant, 'unauthorized');
      return { kind: isEnded ? 'no_grant' : 'unavailable' }; // the user has logged in again meanwhile
    }
  }

  /** Gives the grant back, in the few seconds that a user waits for; what takes longer goes on without them. */
  async revoke(userId: string): Promise<void> {
    const { clock, log } = this.#options;
    const patience = new AbortController();
    const revoked = this.#revoke(userId).catch((error: unknown) => {
      log.warn({ userId, err: messageOf(error) }, 'the grant of a user could not be given back to Discord');
    });
    const isOver = clock.sleep(REVOKE_PATIENCE_MS, patience.signal).catch(() => {});
    await Promise.race([revoked, isOver]);
    patience.abort();
  }

  async #revoke(userId: string): Promise<void> {
    const { db, oauth, log } = this.#options;
    const grant = await stored.takeGrant(db, userId);
    const readable = grant && this.#read(grant);
    if (!readable || !oauth) return;
    const answer = await oauth.revoke(readable.tokens.refresh);
    if (answer.kind !== 'revoked') {
      log.warn({ userId, reason: answer.reason }, 'Discord did not take the grant of a user back');
    }
  }

  /** A token that lasts, refreshed when its time is nearly up. */
  async #current(
    userId: string,
    signal: AbortSignal | undefined,
  ): Promise<Readable | { kind: 'no_grant' | 'unavailable' }> {
    const { db, clock } = this.#options;
    const patienceEnds = clock.monotonic() + OTHERS_PATIENCE_MS;
    let isRenewed = false;
    for (;;) {
      const grant = await stored.getGrant(db, userId);
      if (!grant) return { kind: 'no_grant' };
      const readable = this.#read(grant);
      if (!readable) {
        await this.#end(grant, 'sealed with a key that is gone');
        continue;
      }
      if (grant.expiresInSecs > (isRenewed ? 0 : REFRESH_BEFORE_SECS)) return this.#sealedAnew(readable);
      if (isRenewed) return { kind: 'unavailable' }; // Discord gave one that lasts for no time at all
      const refresh = await this.#refresh(userId);
      if (refresh === 'renewed') {
        isRenewed = true;
        continue;
      }
      if (typeof refresh === 'object') {
        await this.#end(refresh.refused, refresh.reason);
        continue;
      }
      if (grant.expiresInSecs > 0) return readable; // good enough until Discord, or the other process, has answered
      if (refresh === 'unavailable' || clock.monotonic() >= patienceEnds) return { kind: 'unavailable' };
      await clock.sleep(OTHERS_POLL_MS, signal);
    }
  }

  /**
   * Discord takes a refresh token once. So whoever refreshes holds the row meanwhile, which lasts as long as this process
   * lives and no longer; nobody waits for it (`busy`). Whoever asked may go away meanwhile: the answer is stored all the same.
   */
  async #refresh(userId: string): Promise<Refresh> {
    if (this.#refreshes >= MAX_REFRESHES) return 'busy';
    this.#refreshes += 1;
    const given: { grant: Grant; sealed: SealedTokens }[] = [];
    try {
      return await this.#options.db.transaction(async (tx) => {
        const grant = await stored.lockGrant(tx, userId);
        if (!grant) return 'busy';
        if (grant.expiresInSecs > REFRESH_BEFORE_SECS) return 'renewed';
        const answer = await this.#exchange(grant);
        if (!('sealed' in answer)) return answer.refresh;
        given.push({ grant, sealed: answer.sealed });
        await stored.replaceGrant(tx, grant, answer.sealed);
        return 'renewed';
      });
    } catch (error) {
      const [lost] = given;
      if (!lost || !(error instanceof DatabaseOutage)) throw error;
      await this.#storeLate(lost.grant, lost.sealed);
      return 'renewed';
    } finally {
      this.#refreshes -= 1;
    }
  }

  async #exchange(grant: Grant): Promise<{ sealed: SealedTokens } | { refresh: Refresh }> {
    const { oauth } = this.#options;
    const readable = this.#read(grant);
    if (!readable || !oauth) return { refresh: 'unavailable' };
    const answer = await oauth.refresh(readable.tokens.refresh);
    if (answer.kind === 'granted') return { sealed: this.#seal(grant.userId, answer.tokens) };
    const isOver = answer.kind === 'refused' && endingReasons.has(answer.reason);
    return { refresh: isOver ? { refused: grant, reason: answer.reason } : 'unavailable' };
  }

  /** Discord has given new tokens, and the database was lost before they were committed. */
  async #storeLate(grant: Grant, sealed: SealedTokens): Promise<void> {
    const { db, clock } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await stored.replaceGrant(db, grant, sealed);
      } catch (error) {
        if (attempt >= LATE_STORES || !(error instanceof DatabaseOutage)) throw error;
        await clock.sleep(backoffMs(attempt, LATE_STORE_FIRST_MS, LATE_STORE_MAX_MS));
      }
    }
  }

  /** False when the user has another grant by now, or none. */
  async #end(grant: Grant, reason: string): Promise<boolean> {
    const { db, log } = this.#options;
    const isEnded = await stored.endGrant(db, grant);
    if (isEnded)
      log.info({ userId: grant.userId, reason }, 'a grant has ended, and the sessions of its user');
    return isEnded;
  }

  /** After a change of SECRET_KEY, so that the former key can be taken away one day. */
  async #sealedAnew({ grant, tokens }: Readable): Promise<Readable> {
    const { db, sealer } = this.#options;
    if (grant.keyId === sealer.keyId) return { kind: 'readable', grant, tokens };
    const { access: accessToken, refresh: refreshToken } = tokens;
    const sealed = this.#seal(grant.userId, {
      accessToken,
      refreshToken,
      expiresInSecs: grant.expiresInSecs,
    });
    await stored.replaceGrant(db, grant, sealed);
    return { kind: 'readable', grant: { ...grant, ...sealed }, tokens };
  }

  #read(grant: Grant): Readable | null {
    const { sealer } = this.#options;
    const access = sealer.open(grant.keyId, grant.accessToken, `access ${grant.userId}`);
    const refresh = sealer.open(grant.keyId, grant.refreshToken, `refresh ${grant.userId}`);
    if (access === null || refresh === null) return null;
    return { kind: 'readable', grant, tokens: { access, refresh } };
  }

  #seal(userId: string, tokens: Omit<OauthTokens, 'scopes'>): SealedTokens {
    const { sealer } = this.#options;
    const { keyId, bytes: accessToken } = sealer.seal(tokens.accessToken, `access ${userId}`);
    const { bytes: refreshToken } = sealer.seal(tokens.refreshToken, `refresh ${userId}`);
    return { keyId, accessToken, refreshToken, expiresInSecs: tokens.expiresInSecs };
  }
}
