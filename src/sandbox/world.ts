import type {
  APIAttachment,
  APIChannel,
  APIGuildMember,
  APIMessage,
  APIRole,
  APIUser,
} from 'discord-api-types/v10';

/**
 * The sandbox's world as plain data: what `generateWorld(seed)` makes and what the server then changes and serves.
 * Everything is in Discord's own shapes, less what the server adds when it answers (signed URLs, counts, guild_id).
 */
export type World = {
  seed: number;
  application: { id: string; name: string };
  bot: APIUser;
  /** Every user by id, the bot included. */
  users: Map<string, APIUser>;
  /** Guilds by id. The bot is in each whose `botJoined` is true. */
  guilds: Map<string, WorldGuild>;
};

export type WorldGuild = {
  id: string;
  name: string;
  icon: string | null;
  ownerId: string;
  botJoined: boolean;
  /** Taken offline: served as `unavailable`. */
  isUnavailable: boolean;
  /** By id; the role with the guild's id is @everyone. */
  roles: Map<string, APIRole>;
  /** By user id; `member.user` is the entry of `World.users`. The bot's own member is here when it has joined. */
  members: Map<string, WorldMember>;
  /** Ids of users who may not come back. */
  bans?: Set<string>;
  /** By id: channels and threads alike, archived threads too (`thread_metadata.archived`). */
  channels: Map<string, WorldChannel>;
};

export type WorldMember = APIGuildMember & { user: APIUser };

export type WorldChannel = {
  /** As Discord sends it: type, name, position, parent_id, nsfw, permission_overwrites, thread_metadata, … */
  channel: APIChannel & { id: string };
  /** Oldest first, strictly rising ids. `channel.last_message_id` is derived by the server from the last one. */
  messages: WorldMessage[];
  /** Ids of those who are in a thread. */
  threadMembers: Set<string>;
};

/**
 * A message as stored: attachments carry no URL but the name of the committed clip that is served as their body.
 * A component or embed names a file of its message as `attachment://filename`.
 */
export type WorldMessage = Omit<APIMessage, 'attachments' | 'message_snapshots'> & {
  attachments: WorldAttachment[];
  /** Forwards. A snapshot's attachments are files of their own in the forward's channel. */
  message_snapshots?: {
    message: Partial<Omit<APIMessage, 'attachments'>> & { attachments: WorldAttachment[] };
  }[];
};

export type WorldAttachment = Omit<APIAttachment, 'url' | 'proxy_url'> & {
  /** File name below `src/sandbox/clips/`; absent: the server makes up filler bytes of `size`. */
  clip?: string;
};
