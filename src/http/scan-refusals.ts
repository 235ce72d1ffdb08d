import type { EnqueueResult } from '../db/enqueue-scan-run.ts';
import type { ScanStatus } from '../db/scan-run-states.ts';
import type { ThreadScanResult } from '../jobs/enqueue-thread-lists.ts';
import { ProblemError } from './problem.ts';

type Refused = (EnqueueResult & { ok: false }) | (ThreadScanResult & { ok: false });

const details: Record<Refused['reason'], string> = {
  channel_unknown: 'The channel is not there any more.',
  channel_holds_no_messages: 'The channel holds no messages of its own, only other channels or threads.',
  channel_holds_no_threads: 'The channel holds neither messages nor threads.',
  channel_not_reading: 'Reading is switched off for this channel. Switch it on first.',
  channel_age_restricted: 'The channel is age-restricted, and its setting scan_nsfw is off. Set that first.',
  run_unfinished: 'A run of this channel has not ended yet. Follow that one, or cancel it first.',
};

/** Why a scan was not queued: what stands in its way is the state of the channel, which the caller can change. */
export function scanRefused({ reason }: Refused): ProblemError {
  return conflict(reason, 'This channel is not scanned now', details[reason]);
}

export function runEnded(): ProblemError {
  return conflict('run_ended', 'The run has ended', 'A run that has ended stays as it is.');
}

export function notRetryable(status: ScanStatus): ProblemError {
  const detail =
    status === 'succeeded'
      ? 'It has succeeded: nothing of it is left to read.'
      : `It is ${status}: wait for its end.`;
  return conflict('run_not_retryable', 'The run is not tried again', detail);
}

export function boundsInverted(): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'body_invalid',
    title: 'The body is not valid',
    detail: 'afterMessageId is the older end: it must be lower than beforeMessageId.',
    parameters: [{ name: 'afterMessageId', allowed: 'an id below beforeMessageId' }],
  });
}

function conflict(code: string, title: string, detail: string): ProblemError {
  return new ProblemError({ status: 409, code, title, detail });
}
