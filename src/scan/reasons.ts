/** Why a run ended. The code leads `error_message` of a run that failed, followed by what to do next. */
export type FailureReason =
  | 'no_history_permission'
  | 'no_content_intent'
  | 'missing_access'
  | 'channel_gone'
  | 'channel_not_reading'
  | 'channel_age_restricted'
  | 'internal';

export type SuccessReason = 'start_reached' | 'range_covered';

const nextSteps: Record<FailureReason, string> = {
  no_history_permission:
    'the bot cannot read this channel’s history; give it the permission Read Message History there and scan again',
  no_content_intent:
    'Discord withholds the content of messages from this bot; switch on Message Content Intent under Bot in the developer portal and scan again',
  missing_access:
    'the bot cannot see this channel; give it the permission View Channel (in voice channels also Connect) and scan again',
  channel_gone: 'Discord does not know this channel any more; it was deleted, or the bot left the guild',
  channel_not_reading: 'reading is switched off for this channel; switch it on and scan again',
  channel_age_restricted: 'the channel is age-restricted; set scan_nsfw to scan it',
  internal: 'this is a fault of Clipdex; see its log, and scan again',
};

/** An end of a run that repeating would not change until somebody does something about it. */
export class ScanFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, options?: ErrorOptions) {
    super(`${reason}: ${nextSteps[reason]}`, options);
    this.name = 'ScanFailure';
    this.reason = reason;
  }
}
