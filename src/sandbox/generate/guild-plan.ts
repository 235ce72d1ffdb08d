import type { BookName } from './phrases/book.ts';

/*
 * What a guild is planned to be, written by hand. People are named by handle, roles by name; chance fills in the rest.
 */
export type GuildPlan = {
  name: string;
  foundedAt: string;
  botJoined: boolean;
  owner: string;
  /** Handles, founders first: the order in which they join. */
  members: readonly string[];
  bots: readonly string[];
  /** Handles that joined when everything was said already. */
  newcomers?: readonly string[];
  /** Handles. */
  timedOut?: readonly string[];
  /** Highest first. */
  roles: readonly RolePlan[];
  nicks: Readonly<Record<string, string>>;
  categories: readonly CategoryPlan[];
};

export type RolePlan = {
  name: string;
  color: number;
  holders: readonly string[];
  permissions?: 'administrator' | 'moderator' | 'organiser';
};

export type CategoryPlan = { name: string; channels: readonly ChannelPlan[] };

export type ChannelPlan = {
  name: string;
  type: 'text' | 'announcement' | 'voice' | 'stage' | 'forum' | 'media';
  topic?: string;
  /** How people talk here. */
  book: BookName;
  /** None for forums, whose posts are threads. */
  messages?: number;
  /** Video files attached to these messages. */
  videos?: number;
  isNsfw?: boolean;
  /** Discord's "joined the server" messages appear here. */
  isGreeting?: boolean;
  access?: AccessPlan;
  threads?: readonly ThreadPlan[];
  tags?: readonly string[];
  /** ISO date, when it was made later than its guild. */
  createdAt?: string;
};

export type AccessPlan = {
  /** Only these roles may see it. */
  onlyRoles?: readonly string[];
  /** Only these roles may enter it, of all who see it. For voice channels. */
  onlyRolesConnect?: readonly string[];
  /** With one of these: whether the bot was let in, too. */
  admitsBot?: boolean;
  /** With `onlyRoles`: handles that may see it besides. */
  admits?: readonly string[];
  /** Handles that may not see it, whatever their roles. */
  shutsOut?: readonly string[];
  /** Roles that see it, but not its history. */
  hidesHistoryFrom?: readonly string[];
  /** Only moderators write. */
  isReadOnly?: boolean;
  /** The bot sees it but not its history. */
  hidesHistoryFromBot?: boolean;
  /** The bot may list its private threads. */
  botManagesThreads?: boolean;
  /** Handles that may read but not write. */
  muted?: readonly string[];
};

export type ThreadPlan = {
  kind: 'public' | 'private' | 'announcement';
  count: number;
  /** How many of them are still active at the world's end. */
  active: number;
  /** Fewest and most messages of each. */
  messages: readonly [number, number];
  /** Over all of them. */
  videos: number;
};
