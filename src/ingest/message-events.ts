import type {
  GatewayMessageCreateDispatchData,
  GatewayMessageUpdateDispatchData,
} from 'discord-api-types/v10';
import { type ChannelRules, listChannelRules } from '../db/channel-rules.ts';
import type { Transaction } from '../db/database.ts';
import { writeEditedMessage } from '../db/edited-messages.ts';
import { breakLiveCoverage } from '../db/live-coverage.ts';
import { type LiveMessages, writeLiveMessages } from '../db/live-messages.ts';
import { markMessagesDeleted } from '../db/videos.ts';
import { compareSnowflakes, isSnowflake, snowflakeTime } from '../discord/snowflake.ts';
import { enqueueMissed } from '../jobs/enqueue-scan.ts';
import { extractVideos } from '../library/extract-videos.ts';
import { showsTextOrFile, withholdsContent } from '../library/message-content.ts';
import { PostedFiles } from '../library/posted-files.ts';
import { readRecord, readTime } from '../library/wire-values.ts';

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
  const files = new PostedFiles();
  for (const [channelId, posted] of byChannel) {
    const rule = rules.get(channelId);
    if (!rule) continue; // a channel that Discord never told us of: nothing can be kept for it
    const shown = await leaveWithheld(tx, rule, posted);
    if (shown.length === 0) continue;
    const formats = new Set(rule.settings.video_formats);
    for (const message of shown) files.add(message, channelId, formats);
    const ids = [...new Set(shown.map((message) => message.id))].sort(compareSnowflakes);
    const newest = ids.at(-1) ?? '';
    batch.push({ channelId, messageIds: ids, newestAt: new Date(snowflakeTime(newest)).toISOString() });
  }
  if (batch.length === 0) return;
  const begun = await writeLiveMessages(tx, sessionId, batch, files.videos, files.authors, files.skipped);
  if (begun.length > 0) await enqueueMissed(tx, { channelIds: begun });
}

/**
 * The messages above the newest one whose content was withheld, all unless there is one: the intent may have been switched
 * off under a session that lives. What that one and those below it hold is unknown, so live coverage begins anew behind it
 * and the stretch before is missed, for a run that makes sure of the intent.
 */
async function leaveWithheld(
  tx: Transaction,
  { guildId, channelId }: ChannelRules,
  posted: readonly GatewayMessageCreateDispatchData[],
): Promise<readonly GatewayMessageCreateDispatchData[]> {
  const newestWithheld = posted
    .filter(withholdsContent)
    .map((message) => message.id)
    .sort(compareSnowflakes)
    .at(-1);
  if (newestWithheld === undefined) return posted;
  await breakLiveCoverage(tx, guildId, [channelId]);
  return posted.filter((message) => compareSnowflakes(message.id, newestWithheld) > 0);
}

/** Where a message tells of files, and what is found there. */
const toldIn = {
  attachments: 'attachment',
  embeds: 'embed',
  components: 'component',
  message_snapshots: 'forward',
} as const;

/**
 * An edit may bring a caption, and take away files; embeds come and go without one. What an update does not tell of
 * stays as it is. One in which neither text nor file is left, be it of a forward, tells nothing at all: its content was
 * withheld.
 */
export async function onMessageUpdate(
  tx: Transaction,
  message: GatewayMessageUpdateDispatchData,
): Promise<void> {
  const wire = readRecord(message);
  const toldSources = Object.entries(toldIn).flatMap(([list, source]) =>
    Array.isArray(wire[list]) ? [source] : [],
  );
  if (toldSources.length === 0 || !isSnowflake(wire.id) || !showsTextOrFile(message)) return;
  const channelId = message.channel_id;
  const rule = (await listChannelRules(tx, [channelId])).get(channelId);
  if (!rule) return;
  const { videos, fileIds, skipped, author } = extractVideos(message, new Set(rule.settings.video_formats));
  await writeEditedMessage(
    tx,
    {
      channelId,
      messageId: message.id,
      editedAt: wire.edited_timestamp === undefined ? undefined : readTime(wire.edited_timestamp),
      fileIds,
      toldSources,
      tellsCaption: typeof message.content === 'string',
    },
    videos.map((video) => ({ ...video, channelId })),
    author ? [author] : [],
    skipped.map((skip) => ({ ...skip, channelId })),
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
