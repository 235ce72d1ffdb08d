/** What `bot_channels.type` may hold: Discord's channel types by name, `unknown_<n>` for what Discord invents next. */
export type ChannelType =
  | 'text'
  | 'voice'
  | 'category'
  | 'announcement'
  | 'announcement_thread'
  | 'public_thread'
  | 'private_thread'
  | 'stage'
  | 'forum'
  | 'media'
  | `unknown_${number}`;

export const threadTypes: readonly ChannelType[] = ['announcement_thread', 'public_thread', 'private_thread'];

/** Threads that whoever sees their channel sees. */
export const openThreadTypes: readonly ChannelType[] = ['announcement_thread', 'public_thread'];

/** Containers whose threads are their content: what is posted in them counts as posted there. */
export const forumTypes: readonly ChannelType[] = ['forum', 'media'];

/** Types that hold channels or threads but no messages of their own. */
export const containerTypes: readonly ChannelType[] = ['category', ...forumTypes];

/** Types that threads hang on. */
export const threadHolderTypes: readonly ChannelType[] = ['text', 'announcement', ...forumTypes];
