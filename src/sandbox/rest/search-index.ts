import { compareIds } from '../ids.ts';
import type { SandboxState } from '../state.ts';
import type { WorldChannel, WorldMessage } from '../world.ts';
import type { SearchFlaws } from './search-flaws.ts';

/** Whether the index holds the message: each search, from wherever it begins, misses the same ones. */
export function isIndexed({ id }: WorldMessage, { hiddenBefore, hiddenEvery }: SearchFlaws): boolean {
  if (compareIds(id, hiddenBefore) < 0) return false;
  return hiddenEvery === 0 || (BigInt(id) >> 22n) % BigInt(hiddenEvery) !== 0n;
}

type RichMessages = Map<string, WorldMessage[]>;

const richByState = new WeakMap<SandboxState, RichMessages>();

/**
 * The channel's messages that are more than text: what most searches are for, and few of all messages. Kept until a
 * message of the channel changes, so that a search through a million messages does not look at each.
 */
export function richMessages(state: SandboxState, { channel, messages }: WorldChannel): WorldMessage[] {
  const known = richByState.get(state) ?? watchedMap(state);
  const rich = known.get(channel.id) ?? messages.filter(isRich);
  known.set(channel.id, rich);
  return rich;
}

function watchedMap(state: SandboxState): RichMessages {
  const fresh: RichMessages = new Map();
  state.events.on('change', (change) => {
    if ('channelId' in change) fresh.delete(change.channelId);
  });
  richByState.set(state, fresh);
  return fresh;
}

function isRich(message: WorldMessage): boolean {
  return (
    message.attachments.length > 0 ||
    message.embeds.length > 0 ||
    message.message_snapshots !== undefined ||
    message.sticker_items !== undefined ||
    message.poll !== undefined
  );
}
