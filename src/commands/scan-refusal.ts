import type { EnqueueResult } from '../db/enqueue-scan-run.ts';
import type { Run } from '../http/contract.ts';
import { ClipdexError } from '../lib/errors.ts';
import { formatProgress } from './format.ts';

type Refusal = (EnqueueResult & { ok: false })['reason'];

/** Why a channel is not scanned, and what to do about it. */
export function refusalMessage(channelId: string, reason: Exclude<Refusal, 'run_unfinished'>): string {
  const channel = `channel ${channelId}`;
  switch (reason) {
    case 'channel_unknown':
      return (
        `There is no ${channel} in the guilds of the bot; "clipdex channels" lists what there is. ` +
        'A new channel is known once the program has seen it.'
      );
    case 'channel_holds_no_messages':
      return `The ${channel} holds no messages of its own, only other channels or threads. Scan one of those.`;
    case 'channel_age_restricted':
      return `The ${channel} is age-restricted, and its setting scan_nsfw is off, so it is not scanned. Set it: clipdex settings set scan_nsfw=true --channel ${channelId}`;
    case 'channel_not_reading':
      return `Reading is switched off for ${channel}, so it is not scanned. Switch it on: clipdex channels read on ${channelId}`;
  }
}

/** A channel has one unfinished run at a time. `isSameWork`: that run reads what is asked for. */
export function unfinishedMessage(
  run: Run,
  { isSameWork, isWorked }: { isSameWork: boolean; isWorked: boolean },
): string {
  const done = run.progress === null ? '' : `, ${formatProgress(run)} done`;
  const bounds = isSameWork ? '' : ', with other bounds';
  const state = `The run ${run.id} of channel ${run.channelId} is ${run.status} already${done}${bounds}.`;
  if (!isWorked) return `${state} No program works the queue, so it does not move: start one (npm start).`;
  if (isSameWork) return `${state} Follow it with "clipdex scan ${run.channelId} --wait".`;
  return `${state} Ask again when it has ended; "clipdex runs" tells how far it is.`;
}

export function runNotFound(runId: string): ClipdexError {
  return new ClipdexError(
    'run_unknown',
    `There is no run ${runId} to be seen: "clipdex runs" lists them. Runs go with their channel, and hide when it becomes age-restricted or its guild is left.`,
  );
}
