import type { Queryable } from '../db/database.ts';
import {
  type FreshLink,
  listLinksOfMessages,
  recordRemovedFiles,
  type StoredLink,
  storeFreshLinks,
} from '../db/video-links.ts';
import { markMessagesDeleted } from '../db/videos.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { contentWithheld, isBadRequest, isNotOffered, type Refusal, refusalOf } from './discord-refusal.ts';
import { extractVideos } from './extract-videos.ts';
import { showsTextOrFile } from './message-content.ts';
import { renewLink } from './signed-link.ts';
import { extensionOf } from './video-formats.ts';

/** What refreshing needs of Discord's REST client. */
export type LinkSource = {
  /** Newly signed links beside those that were sent in; any may be missing in the answer. */
  refreshAttachmentUrls(
    urls: readonly string[],
    options: CallOptions,
  ): Promise<readonly { original: string; refreshed: string }[]>;
  getMessage(channelId: string, messageId: string, options: CallOptions): Promise<unknown>;
};

export type CallOptions = { signal: AbortSignal; priority: 'interactive' };

export type MessageKey = { channelId: string; messageId: string };

/** What became of the files of one message. */
export type Refreshed =
  | { state: 'fresh'; links: ReadonlyMap<string, FreshLink>; removedIds: ReadonlySet<string> }
  | Refusal;

export type RefreshContext = { db: Queryable; discord: LinkSource; clock: Clock; signal: AbortSignal };

export const MAX_URLS_PER_REQUEST = 50; // Discord's limit of refresh-urls
const ANSWER_TIMEOUT_MS = 8_000; // a viewer waits; the transport's own patience is for work in the background

/**
 * Asks Discord to sign the links of these messages anew, in as few requests as it takes. Messages are absent in the
 * answer when not all of their files got a link; null: Discord does not offer this to us. Either way the messages
 * can still be fetched.
 */
export async function refreshBySigning(
  context: RefreshContext,
  messageIds: string[],
): Promise<Map<string, Refreshed> | null> {
  const files = (await listLinksOfMessages(context.db, messageIds)).filter(isSigned);
  const urls = [...new Set(files.filter((file) => file.is_attachment).map((file) => file.url))];
  const signed = new Map<string, string>();
  for (let start = 0; start < urls.length; start += MAX_URLS_PER_REQUEST) {
    const answer = await signAnew(context, urls.slice(start, start + MAX_URLS_PER_REQUEST));
    if (answer === null) return null;
    for (const { original, refreshed } of answer) signed.set(original, refreshed);
  }
  const now = context.clock.now();
  const links = files.flatMap((file) => renewLink(file, signed.get(file.url), undefined, now) ?? []);
  await storeFreshLinks(context.db, links);
  return groupComplete(files, links);
}

/** Fetches the message and takes its links; what Discord no longer has is recorded as deleted. */
export async function refreshByFetching(context: RefreshContext, key: MessageKey): Promise<Refreshed> {
  const { db, discord, clock, signal } = context;
  let message: unknown;
  try {
    message = await answerInTime(signal, (options) =>
      discord.getMessage(key.channelId, key.messageId, options),
    );
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    if (refusal.state === 'deleted') await markMessagesDeleted(db, [key.messageId]);
    return refusal;
  }
  const files = await listLinksOfMessages(db, [key.messageId]);
  const { videos, fileIds } = extractVideos(message, extensionsOf(files));
  const told = new Map(videos.map((video) => [video.id, video]));
  const links = files.flatMap((file) => {
    const video = told.get(file.id);
    return renewLink(file, video?.url, video?.proxyUrl, clock.now()) ?? [];
  });
  await storeFreshLinks(db, links);
  const removed = files.filter((file) => !fileIds.includes(file.id));
  if (removed.length > 0) {
    if (!showsTextOrFile(message)) return contentWithheld;
    await recordRemovedFiles(
      db,
      key.messageId,
      removed.map((file) => file.id),
    );
  }
  return freshState(links, removed);
}

/** Links that end, and those of uploads: an embed's copy elsewhere stays where it is. */
function isSigned(file: StoredLink): boolean {
  return file.is_attachment || file.url_expires_at !== null;
}

/** So that a file which once counted by an extension of the settings' own is still found in its message. */
function extensionsOf(files: StoredLink[]): ReadonlySet<string> {
  return new Set(files.flatMap((file) => extensionOf(new URL(file.url).pathname) ?? []));
}

async function signAnew(
  context: RefreshContext,
  urls: string[],
): Promise<readonly { original: string; refreshed: string }[] | null> {
  const { discord, signal } = context;
  try {
    return await answerInTime(signal, (options) => discord.refreshAttachmentUrls(urls, options));
  } catch (error) {
    if (isNotOffered(error)) return null;
    if (isBadRequest(error)) return []; // one link that Discord cannot read spoils the whole batch
    throw error;
  }
}

function answerInTime<Answer>(
  signal: AbortSignal,
  ask: (options: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  return withDeadline(ANSWER_TIMEOUT_MS, signal, (inTime) =>
    ask({ signal: inTime, priority: 'interactive' }),
  );
}

/** The messages all of whose files got a link. */
function groupComplete(files: StoredLink[], links: FreshLink[]): Map<string, Refreshed> {
  const complete = new Map<string, Refreshed>();
  for (const messageId of new Set(files.map((file) => file.message_id))) {
    const wanted = files.filter((file) => file.message_id === messageId);
    const renewed = links.filter((link) => link.messageId === messageId);
    if (renewed.length === wanted.length) complete.set(messageId, freshState(renewed, []));
  }
  return complete;
}

function freshState(links: FreshLink[], removed: StoredLink[]): Refreshed {
  return {
    state: 'fresh',
    links: new Map(links.map((link) => [link.id, link])),
    removedIds: new Set(removed.map((file) => file.id)),
  };
}
