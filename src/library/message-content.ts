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
