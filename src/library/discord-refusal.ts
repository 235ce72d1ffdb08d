import { DiscordError } from '../discord/discord-error.ts';
import { isTimeoutError } from '../lib/errors.ts';

/** Why Discord did not answer a question about a message. */
export type Refusal =
  | { state: 'deleted' }
  | { state: 'no_access' }
  | { state: 'unavailable'; retryAfterMs: number };

const DEFAULT_RETRY_AFTER_MS = 5_000; // when Discord does not say how long it will be away
const GONE_CODES = [10003, 10008]; // unknown channel, unknown message: a file dies with either
const UNKNOWN_GUILD = 10004; // the bot was removed
const NOT_OFFERED_STATUSES = [403, 404, 405]; // what a server answers that does not know a route, or not for bots

/** A message came without what would show whether its file still exists. */
export const contentWithheld: Refusal = { state: 'unavailable', retryAfterMs: DEFAULT_RETRY_AFTER_MS };

/**
 * Null: the error is neither Discord's nor our patience's end, and its finder must pass it on. A 404 alone, as a
 * proxy sends it, proves no deletion: only Discord's own codes do.
 */
export function refusalOf(error: unknown): Refusal | null {
  if (isTimeoutError(error)) return { state: 'unavailable', retryAfterMs: DEFAULT_RETRY_AFTER_MS };
  if (!(error instanceof DiscordError)) return null;
  const { kind, discordCode } = error;
  if (kind === 'not_found' && GONE_CODES.includes(discordCode ?? 0)) return { state: 'deleted' };
  if (kind === 'forbidden' || discordCode === UNKNOWN_GUILD) return { state: 'no_access' };
  return { state: 'unavailable', retryAfterMs: error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS };
}

/** True when Discord refuses a route as such, whatever is asked of it. */
export function isNotOffered(error: unknown): boolean {
  return error instanceof DiscordError && NOT_OFFERED_STATUSES.includes(error.httpStatus ?? 0);
}

/** True when Discord dislikes what was sent this time. */
export function isBadRequest(error: unknown): boolean {
  return error instanceof DiscordError && error.httpStatus === 400;
}
