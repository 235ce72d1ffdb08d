import type {
  GatewayMessageCreateDispatchData,
  GatewayMessageUpdateDispatchData,
} from 'discord-api-types/v10';
import { listChannelRules } from '../db/channel-rules.ts';
import type { Transaction } from '../db/database.ts';
import { type LiveMessages, writeEditedMessage, writeLiveMessages } from '../db/live-messages.ts';
import { markMessagesDeleted, type NewAuthor, type PostedVideo } from '../db/videos.ts';
import { compareSnowflakes, isSnowflake, snowflakeTime } from '../discord/snowflake.ts';
import { enqueueMissed } from '../jobs/enqueue-scan.ts';
import { extractVideos } from '../library/extract-videos.ts';
import { showsContent } from '../library/message-content.ts';
import { readTime } from '../library/wire-values.ts';

/** New messages of one shard, in the order in which they came, of any channels. */
export async function onMessagesCreated(
  tx: Transaction,
  messages: readonly GatewayMessageCreateDispatchData[],
  sessionId: string,
): Promise<void> {
  const usable = messages.filter((message) => isSnowflake(message.id) && isSnowflake(message.channel_id));
  const byChannel = groupByChannel(usable);
  const rules = await listChannelRules(tx, [...byChannel.keys()]);
  const batch: LiveMessages[] = [];
  const videos: PostedVideo[] = [];
  const authors = new Map<string, NewAuthor>();
  for (const [channelId, posted] of byChannel) {
    const rule = rules.get(channelId);
    if (!rule) continue; // a channel that Discord never told us of: nothing can be kept for it
    const formats = new Set(rule.settings.video_formats);
    for (const message of posted) {
      const extracted = extractVideos(message, formats);
      videos.push(...extracted.videos.map((video) => ({ ...video, channelId })));
      if (extracted.author && extracted.videos.length > 0) authors.set(extracted.author.id, extracted.author);
    }
    const ids = [...new Set(posted.map((message) => message.id))].sort(compareSnowflakes);
    const newest = ids.at(-1) ?? '';
    batch.push({ channelId, messageIds: ids, newestAt: new Date(snowflakeTime(newest)).toISOString() });
  }
  if (batch.length === 0) return;
  const begun = await writeLiveMessages(tx, sessionId, batch, videos, [...authors.values()]);
  if (begun.length > 0) await enqueueMissed(tx, { channelIds: begun });
}

/**
 * An edit may bring a caption, and take away files. An update without attachments (embeds resolved) tells nothing, nor
 * does one in which nothing is left: no message can be empty, so its content was withheld.
 */
export async function onMessageUpdate(
  tx: Transaction,
  message: GatewayMessageUpdateDispatchData,
): Promise<void> {
  if (!Array.isArray(message.attachments) || !isSnowflake(message.id) || !showsContent(message)) return;
  const channelId = message.channel_id;
  const rule = (await listChannelRules(tx, [channelId])).get(channelId);
  if (!rule) return;
  const { videos, attachmentIds, author } = extractVideos(message, new Set(rule.settings.video_formats));
  await writeEditedMessage(
    tx,
    {
      channelId,
      messageId: message.id,
      editedAt: readTime(message.edited_timestamp),
      attachmentIds,
      tellsCaption: typeof message.content === 'string',
    },
    videos.map((video) => ({ ...video, channelId })),
    author && videos.length > 0 ? [author] : [],
  );
}

export async function onMessagesDeleted(tx: Transaction, messageIds: readonly string[]): Promise<void> {
  await markMessagesDeleted(tx, messageIds.filter(isSnowflake));
}

function groupByChannel(messages: readonly GatewayMessageCreateDispatchData[]) {
  const groups = new Map<string, GatewayMessageCreateDispatchData[]>();
  for (const message of messages) {
    const group = groups.get(message.channel_id) ?? [];
    group.push(message);
    groups.set(message.channel_id, group);
  }
  return groups;
}
