/**
 * The types of what the web app and scripts receive. The only file of the server that `web/` may import (types only).
 * Ids are Discord's snowflakes as strings; times are ISO 8601 in UTC; counters are decimal strings where they may
 * exceed 2^53 and numbers where they cannot.
 */

/** What holds as long as the program runs. */
export type Instance = {
  /** Discord is the sandbox on this machine: nothing in it can be opened on discord.com. */
  isSandbox: boolean;
};

export type Guild = {
  id: string;
  name: string;
  /** Icon hash as Discord tells it. */
  icon: string | null;
  /** Channels that hold messages of their own: not categories, forums and media, which hold only channels. */
  channelCount: number;
  /** Of these, the ones that are read: all but those that are `off`. */
  readingCount: number;
  /** Messages processed so far. */
  messageCount: string;
  videoCount: Count;
  /** How many of `channelCount` are in each state. */
  states: Record<ReadingState, number>;
};

/**
 * How far the history of a channel is read: `off`: reading is switched off; `unread`: only what is posted from now
 * on is read, no scan was made or none was let finish; `waiting`: a scan is queued; `scanning`: one runs; `read`: the
 * newest one succeeded; `failed`: it failed. Canceled scans do not count.
 */
export type ReadingState = 'off' | 'unread' | 'waiting' | 'scanning' | 'read' | 'failed';

export type Channel = {
  id: string;
  guildId: string;
  parentId: string | null;
  name: string | null;
  /** text, voice, category, announcement, public_thread, forum, …; see docs of `bot_channels.type`. */
  type: string | null;
  isNsfw: boolean;
  isReading: boolean;
  messageCount: string;
  videoCount: Count;
  /** Null for what holds no messages of its own: categories, forums and media. */
  state: ReadingState | null;
  lastScannedAt: string | null;
  lastActivityAt: string | null;
};

/** Counting stops at a bound, so that a page costs the same in a library of any size; `isCapped`: so many or more. */
export type Count = { value: number; isCapped: boolean };

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';

export type Run = {
  id: string;
  channelId: string;
  channelName: string | null;
  guildId: string;
  status: RunStatus;
  afterMessageId: string | null;
  beforeMessageId: string | null;
  messagesScanned: string;
  messagesMatched: string;
  videosFound: string;
  /** Posting time of the oldest message reached so far. */
  reachedAt: string | null;
  /** 0…1 of the wanted span of time, null before the first page. */
  progress: number | null;
  requestedBy: 'person' | 'catch_up' | 'auto';
  errorMessage: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
};

export type Author = {
  id: string;
  username: string | null;
  globalName: string | null;
  avatar: string | null;
};

export type Video = {
  /** Attachment id, or a derived key for embeds: what `/videos/{id}/…` takes. */
  id: string;
  messageId: string;
  channelId: string;
  channelName: string | null;
  guildId: string;
  guildName: string;
  author: Author | null;
  postedAt: string;
  filename: string;
  /** The real file name where Discord keeps one (`filename` loses non-ASCII characters). */
  title: string | null;
  extension: string;
  contentType: string | null;
  sizeBytes: number | null;
  width: number | null;
  height: number | null;
  durationSecs: number | null;
  /** ThumbHash, base64. */
  placeholder: string | null;
  /** `/videos/{id}/poster` can be asked for a still. */
  hasPoster: boolean;
  isSpoiler: boolean;
  isClip: boolean;
  source: 'attachment' | 'forward' | 'embed' | 'component';
  caption: string | null;
  foundBy: 'live' | 'history' | 'index';
  /** The cursor of this place in the newest-first list of videos. */
  cursor: string;
  /** The message on Discord. */
  messageUrl: string;
};

/** A page of a list. `next` is the cursor for the following page, null at the end. */
export type Page<Item> = { items: Item[]; next: string | null };

export type ReadinessCheck = { name: string; isReady: boolean; reason: string | null };

export type Readiness = { isReady: boolean; checks: ReadinessCheck[] };

/** RFC 9457; `code` is stable, `requestId` is in the log. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  requestId: string;
  /** Of `parameter_invalid`: which, and what is allowed. */
  parameters?: { name: string; allowed: string }[];
};
