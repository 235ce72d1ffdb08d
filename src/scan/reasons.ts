import { type FailureReason, reasonMessage } from '../db/scan-run-reasons.ts';

export type { SuccessReason } from '../db/scan-run-reasons.ts';

/** An end of a run that repeating would not change until somebody does something about it. */
export class ScanFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, options?: ErrorOptions) {
    super(reasonMessage(reason), options);
    this.name = 'ScanFailure';
    this.reason = reason;
  }
}
