import type { Database } from '../db/database.ts';
import type { SessionLife } from '../db/sessions.ts';
import type { DiscordRest } from '../discord/rest.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { DiscordOauth } from './discord-oauth.ts';
import { Grants } from './grants.ts';
import { type InstanceKey, loadInstanceKey } from './instance-key.ts';
import { RateLimiter } from './rate-limiter.ts';
import { Sealer } from './seal.ts';

/** What logins work with. */
export type LoginServices = {
  db: Database;
  rest: DiscordRest;
  /** Null where the application's id or secret is not set: nobody can log in. */
  oauth: DiscordOauth | null;
  grants: Grants;
  /** Of what a browser keeps while it is away at Discord. */
  cookieSealer: Sealer;
  rateLimiter: RateLimiter;
  sessionLife: SessionLife;
  clock: Clock;
  log: Logger;
  close(): Promise<void>;
};

export type LoginOptions = {
  db: Database;
  rest: DiscordRest;
  discord: { clientId: string | null; clientSecret: string | null; authorizeUrl: string; apiUrl: string };
  secretKey: string | null;
  formerSecretKeys: readonly string[];
  dataDir: string;
  sessionLife: SessionLife;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  oauthTimeoutMs?: number;
};

/** @throws ClipdexError `secret_key_unusable`, `discord_insecure` */
export async function openLoginServices(options: LoginOptions): Promise<LoginServices> {
  const { db, rest, sessionLife, clock, log } = options;
  const key = await loadInstanceKey(options);
  const oauth = createOauth(options);
  return {
    ...{ db, rest, oauth, sessionLife, clock, log },
    grants: new Grants({ db, rest, oauth, sealer: sealerFor(key, 'discord grants'), clock, log }),
    cookieSealer: sealerFor(key, 'login cookies'),
    rateLimiter: new RateLimiter(db, key.subkeys('rate limits')[0]),
    close: async () => oauth?.close(),
  };
}

function sealerFor(key: InstanceKey, purpose: string): Sealer {
  return new Sealer(key.subkeys(purpose));
}

function createOauth({
  discord,
  clock,
  log,
  signal,
  oauthTimeoutMs: timeoutMs,
}: LoginOptions): DiscordOauth | null {
  const { clientId, clientSecret, authorizeUrl, apiUrl } = discord;
  if (clientId === null || clientSecret === null) return null;
  const patience = timeoutMs === undefined ? {} : { timeoutMs };
  return new DiscordOauth({ clientId, clientSecret, authorizeUrl, apiUrl, clock, log, signal, ...patience });
}
