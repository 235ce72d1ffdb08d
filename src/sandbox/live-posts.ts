import { systemClock } from '../lib/clock.ts';
import { isAbortError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { createMessage, deleteMessages, editMessage } from './changes/messages.ts';
import { findChannel } from './channels.ts';
import { createRandom, type Random } from './generate/random.ts';
import { nextLivePost } from './live-traffic.ts';
import type { SandboxState } from './state.ts';
import { findMessage } from './views/message.ts';

/** Between two of them; gentle, so that one can watch each arrive. */
const MIN_PAUSE_MS = 2000;
const MAX_PAUSE_MS = 4000;

/** Lets members act while the switch is on, until the signal aborts. */
export async function startLiveTraffic(state: SandboxState, log: Logger, signal: AbortSignal): Promise<void> {
  // Of the present moment: a restart must not repeat what was said after the last one.
  const random = createRandom(state.now());
  try {
    for (;;) {
      await systemClock.sleep(random.int(MIN_PAUSE_MS, MAX_PAUSE_MS), signal);
      if (state.switches.liveTraffic) actOnce(state, random);
    }
  } catch (error) {
    if (!isAbortError(error)) log.error({ err: error }, 'the live traffic of the sandbox has stopped');
  }
}

function actOnce(state: SandboxState, random: Random): void {
  const change = nextLivePost(state.world, random, state.now());
  const placed = change && findChannel(state.world, change.channelId);
  if (!change || !placed) return;
  if (change.kind === 'post') {
    createMessage(state, placed, change.message);
  } else if (change.kind === 'delete') {
    deleteMessages(state, placed, [change.messageId], false);
  } else {
    const message = findMessage(placed, change.messageId);
    if (message) editMessage(state, placed, message, { content: change.content });
  }
}
