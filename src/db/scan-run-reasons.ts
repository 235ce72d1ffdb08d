/** One row: what happened, and what to do next (null: nothing). */
type Reason = { what: string; next: string | null };

/** Ends that are what was asked for. */
const successes = {
  start_reached: { what: 'everything down to the channel’s first message was read', next: null },
  range_covered: { what: 'everything between the bounds was read', next: null },
} as const satisfies Record<string, Reason>;

/** Ends that repeating would not change until somebody does something about it. */
const failures = {
  no_history_permission: {
    what: 'the bot cannot read this channel’s history',
    next: 'give it the permission Read Message History there and scan again',
  },
  no_content_intent: {
    what: 'Discord withholds the content of messages from this bot',
    next: 'switch on Message Content Intent under Bot in the developer portal and scan again',
  },
  missing_access: {
    what: 'the bot cannot see this channel',
    next: 'give it the permission View Channel (in voice channels also Connect) and scan again',
  },
  channel_gone: {
    what: 'Discord does not know this channel any more',
    next: 'it was deleted, or the bot left the guild: invite the bot again if it should be read',
  },
  channel_not_reading: {
    what: 'reading is switched off for this channel',
    next: 'switch it on and scan again',
  },
  channel_age_restricted: {
    what: 'the channel is age-restricted',
    next: 'set scan_nsfw to read it',
  },
  internal: { what: 'this is a fault of Clipdex', next: 'see its log, and scan again' },
} as const satisfies Record<string, Reason>;

/** Ends that somebody wanted; a setting that no longer allows the scan ends it with the reason of that setting. */
const cancellations = {
  canceled: { what: 'somebody canceled it', next: 'scan again: what was read is not read again' },
} as const satisfies Record<string, Reason>;

/** Why a run waits. It goes on by itself, however long it takes: an outage never ends a run. */
const waits = {
  rate_limited: { what: 'Discord asked for a longer wait', next: null },
  discord_unavailable: { what: 'Discord does not answer as it should', next: null },
  token_refused: {
    what: 'Discord refuses the bot’s token',
    next: 'set DISCORD_BOT_TOKEN to the token under Bot in the developer portal and start again',
  },
  too_many_refusals: {
    what: 'Discord refused too many requests in a short time',
    next: 'find out with "clipdex doctor" which permission is missing',
  },
} as const satisfies Record<string, Reason>;

export type SuccessReason = keyof typeof successes;
export type FailureReason = keyof typeof failures;
export type CancelReason = keyof typeof cancellations | 'channel_not_reading' | 'channel_age_restricted';
export type WaitReason = keyof typeof waits;

/** Every code that says why a run ended or waits: the one table of them. `parked` is told of a run that waits. */
export const scanRunReasons: Record<
  SuccessReason | FailureReason | CancelReason | WaitReason | 'parked',
  Reason
> = {
  ...successes,
  ...failures,
  ...cancellations,
  ...waits,
  parked: { what: 'it waits, and goes on by itself', next: null },
};

/** Ends of a run whose cause can pass by itself: the scan is worth another try when something has changed. */
export const passingReasons: readonly string[] = [
  'missing_access',
  'no_history_permission',
  'no_content_intent',
  'channel_not_reading',
  'channel_age_restricted',
  'discord_unavailable',
];

/** As `error_message` holds it: the code for scripts, then what happened and what to do, for people. */
export function reasonMessage(reason: keyof typeof scanRunReasons): string {
  const { what, next } = scanRunReasons[reason];
  return next === null ? `${reason}: ${what}` : `${reason}: ${what}; ${next}`;
}

/** A wait in words; a code that this version does not know stands for itself. */
export function describeWait(reason: string): string {
  const known = Object.entries(waits).find(([code]) => code === reason)?.[1];
  if (!known) return reason;
  return known.next === null ? known.what : `${known.what}; ${known.next}`;
}
