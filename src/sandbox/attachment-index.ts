import type { World, WorldAttachment, WorldChannel, WorldMessage } from './world.ts';

/** Where a file hangs: the CDN serves it only while its message and channel exist. */
export type PlacedAttachment = { channelId: string; messageId: string; attachment: WorldAttachment };

/** Attachments by id, over all messages of the world. */
export type AttachmentIndex = Map<string, PlacedAttachment>;

export function indexAttachments(world: World): AttachmentIndex {
  const index: AttachmentIndex = new Map();
  for (const guild of world.guilds.values()) {
    for (const entry of guild.channels.values()) {
      for (const message of entry.messages) addAttachments(index, entry, message);
    }
  }
  return index;
}

export function addAttachments(index: AttachmentIndex, entry: WorldChannel, message: WorldMessage): void {
  for (const attachment of attachmentsOf(message)) {
    index.set(attachment.id, { channelId: entry.channel.id, messageId: message.id, attachment });
  }
}

export function dropAttachments(index: AttachmentIndex, message: WorldMessage): void {
  for (const attachment of attachmentsOf(message)) index.delete(attachment.id);
}

/** The message's own files and those of what it forwards. */
export function attachmentsOf(message: WorldMessage): WorldAttachment[] {
  const forwarded = message.message_snapshots?.flatMap((snapshot) => snapshot.message.attachments ?? []);
  return forwarded ? [...message.attachments, ...forwarded] : message.attachments;
}
