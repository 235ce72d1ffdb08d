import { ClipdexError } from '../lib/errors.ts';

export type DiscordErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'bad_request'
  | 'rate_limited'
  | 'unavailable'
  | 'invalid_budget_spent'
  | 'malformed';

type DiscordErrorDetails = ErrorOptions & {
  /** Method and path with ids left out: `GET /channels/:id/messages`. */
  route: string;
  /** The ids that the route was called with, for the message. */
  ids?: readonly string[];
  /** What Discord or the network said. */
  reason: string;
  httpStatus?: number;
  discordCode?: number | null;
  retryAfterMs?: number;
  /** Where another one than usual helps. */
  nextStep?: string;
};

const nextSteps: Record<DiscordErrorKind, string> = {
  unauthorized: 'set DISCORD_BOT_TOKEN to the token under Bot in the developer portal and start again',
  forbidden: 'give the bot View Channel and Read Message History there',
  not_found: 'it was deleted, or the bot was removed from it',
  bad_request: 'the request itself is wrong; repeating it changes nothing',
  rate_limited: 'try again after the time that Discord asked for',
  unavailable: 'try again later',
  invalid_budget_spent:
    'too many refused requests in 10 minutes; find out which permission or token is wrong',
  malformed: 'check that DISCORD_API_URL points at Discord',
};

/**
 * Whether Discord has refused the bot's token just now. Of a refusal that is only remembered (`retryAfterMs` says how long)
 * it may think otherwise by then: a token that is good was refused before.
 */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof DiscordError && error.kind === 'unauthorized' && error.retryAfterMs === null;
}

/** A request to Discord that failed for good. `kind` decides what the caller does; never the text. */
export class DiscordError extends ClipdexError {
  readonly kind: DiscordErrorKind;
  /** Null when no answer came. */
  readonly httpStatus: number | null;
  /** Discord's own code in the answer's body, as 50001 for missing access. */
  readonly discordCode: number | null;
  readonly route: string;
  /** How long Discord asked us to wait, or we wait by ourselves; null: neither. */
  readonly retryAfterMs: number | null;

  constructor(kind: DiscordErrorKind, details: DiscordErrorDetails) {
    const { route, ids = [], reason, httpStatus, discordCode, retryAfterMs, nextStep, ...options } = details;
    const where = ids.length > 0 ? `${route} (${ids.join(', ')})` : route;
    super(`discord_${kind}`, `Discord: ${where}: ${reason}; ${nextStep ?? nextSteps[kind]}`, options);
    this.name = 'DiscordError';
    this.kind = kind;
    this.httpStatus = httpStatus ?? null;
    this.discordCode = discordCode ?? null;
    this.route = route;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}
