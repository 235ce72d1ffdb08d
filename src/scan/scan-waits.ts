import type { GrowingWait } from '../db/park-scan-run.ts';
import type { WaitReason } from '../db/scan-run-reasons.ts';
import { DiscordError } from '../discord/discord-error.ts';

export type Wait = GrowingWait & { reason: WaitReason };

const OUTAGE_FIRST_SECS = 15; // after the transport's own retries, before the run asks again
const OUTAGE_MAX_SECS = 600; // an outage of hours is over for at most so long before runs go on
const REFUSED_SECS = 600; // token refused, or too many refusals: the window of Discord's budget for them

/**
 * How long a run waits before it goes on, null when waiting does not help. It waits as often as it must: an outage
 * of Discord, and a token that is refused, pause runs and never end them.
 */
export function waitAfter(error: unknown): Wait | null {
  if (!(error instanceof DiscordError)) return null;
  switch (error.kind) {
    case 'rate_limited':
      return always('rate_limited', Math.ceil((error.retryAfterMs ?? OUTAGE_FIRST_SECS * 1000) / 1000));
    case 'unavailable':
    case 'malformed':
      return { reason: 'discord_unavailable', firstSecs: OUTAGE_FIRST_SECS, maxSecs: OUTAGE_MAX_SECS };
    case 'unauthorized':
      return always('token_refused', REFUSED_SECS);
    case 'invalid_budget_spent':
      return always('too_many_refusals', REFUSED_SECS);
    default:
      return null;
  }
}

/** The wait after `waitCount` others in a row, each twice as long as the one before. */
export function growingSecs({ firstSecs, maxSecs }: GrowingWait, waitCount: number): number {
  return Math.min(maxSecs, firstSecs * 2 ** waitCount);
}

function always(reason: WaitReason, secs: number): Wait {
  return { reason, firstSecs: secs, maxSecs: secs };
}
