import { readList, readRecord } from './wire-values.ts';

/** The lists of which a message has at least one entry when it has no text. */
const contentLists = ['attachments', 'embeds', 'components', 'sticker_items', 'message_snapshots'] as const;

/**
 * Whether anything of a message's content is to be seen. Nobody can post an empty message, so one that shows nothing
 * was stripped by Discord: the bot lacks the message content intent.
 */
export function showsContent(message: unknown): boolean {
  const wire = readRecord(message);
  const hasText = typeof wire.content === 'string' && wire.content !== '';
  return hasText || wire.poll != null || contentLists.some((name) => readList(wire[name]).length > 0);
}

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
