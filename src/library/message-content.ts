import { readList, readRecord } from './wire-values.ts';

/**
 * Whether Discord shows us what people wrote and attached here. Without the message content intent it answers the
 * same message with neither, a forward around nothing included, so only a message that shows one of them proves what
 * it lacks to be gone.
 */
export function showsTextOrFile(message: unknown): boolean {
  const wire = readRecord(message);
  const snapshots = readList(wire.message_snapshots).map((snapshot) => readRecord(snapshot).message);
  return [wire, ...snapshots.map(readRecord)].some(
    ({ content, attachments, embeds, components }) =>
      (typeof content === 'string' && content !== '') ||
      [attachments, embeds, components].some((list) => readList(list).length > 0),
  );
}

/**
 * Whether the content of this message may have been withheld: somebody posted it, and it shows nothing, be it a forward
 * around nothing.
 */
export function withholdsContent(message: unknown): boolean {
  const wire = readRecord(message);
  if (typeof wire.content === 'string' && wire.content !== '') return false; // as most do: this is asked of every message
  const isPosted = wire.type === 0 || wire.type === 19; // a message, a reply; all others are notices of Discord's
  const hasOther = wire.poll != null || readList(wire.sticker_items).length > 0;
  return isPosted && !hasOther && !showsTextOrFile(message);
}
