import { EventEmitter } from 'node:events';
import { type AttachmentIndex, indexAttachments } from './attachment-index.ts';
import { compareIds, createIdSource } from './ids.ts';
import { createLinks, type Links } from './links.ts';
import { noFlaws, type SearchFlaws } from './rest/search-flaws.ts';
import type { World, WorldMessage } from './world.ts';

/** A gateway dispatch, already known to be one that the bot may see. */
export type WorldEvent = {
  name: string;
  guildId: string;
  /** The intent that a session needs for it; 0 when every session gets it. */
  intent: number;
  /** The payload, for a session that may read message content or may not. */
  data: (mayReadContent: boolean) => unknown;
};

/** What the journal keeps: changes to messages, and where the bot was added or removed. */
export type WorldChange = MessageChange | BotChange;

export type BotChange =
  | { op: 'add-bot'; guildId: string; permissions: string }
  | { op: 'kick-bot'; guildId: string };

export type MessageChange =
  | { op: 'create'; channelId: string; message: WorldMessage }
  | { op: 'edit'; channelId: string; messageId: string; patch: Partial<WorldMessage> }
  | { op: 'delete'; channelId: string; messageIds: string[] };

/** What the control API turns on and off while the sandbox runs. */
export type Switches = {
  /** Privileged intents of the application, as in the developer portal; content is on, as Clipdex is of no use without. */
  messageContent: boolean;
  guildMembers: boolean;
  presences: boolean;
  /** While true, search answers 202. */
  isIndexing: boolean;
  /** What 202 then asks a client to wait. */
  indexingRetrySecs: number;
  searchFlaws: SearchFlaws;
  /** While true, headers promise 999 of 1,000 requests until the very 429. */
  hasLyingHeaders: boolean;
  /** While true, every object of every REST answer has a field that Discord has not documented. */
  hasUnknownFields: boolean;
  /** Waited before each REST answer. */
  latencyMs: number;
  liveTraffic: boolean;
};

/** The world while it is served. All changes go through `changes/`, which emit what the gateway sends. */
export type SandboxState = {
  world: World;
  /** Where everything is served, without a slash at the end. */
  baseUrl: string;
  now(): number;
  /** An id of the present time, greater than `above`. */
  nextId(above?: string): string;
  attachments: AttachmentIndex;
  links: Links;
  switches: Switches;
  events: EventEmitter<{ dispatch: [WorldEvent]; change: [WorldChange] }>;
};

export function createState(world: World, baseUrl: string, liveTraffic: boolean): SandboxState {
  const now = () => Date.now();
  const issueId = createIdSource(now);
  return {
    world,
    baseUrl,
    now,
    nextId: issueId,
    attachments: indexAttachments(world),
    links: createLinks(world.seed, now),
    switches: {
      messageContent: true,
      guildMembers: false,
      presences: false,
      isIndexing: false,
      indexingRetrySecs: 2,
      searchFlaws: { ...noFlaws },
      hasLyingHeaders: false,
      hasUnknownFields: false,
      latencyMs: 0,
      liveTraffic,
    },
    events: new EventEmitter(),
  };
}

export function lastMessageId(messages: readonly WorldMessage[]): string | null {
  return messages.at(-1)?.id ?? null;
}

export function newestFirst<Item extends { id: string }>(items: Item[]): Item[] {
  return items.sort((a, b) => compareIds(b.id, a.id));
}
