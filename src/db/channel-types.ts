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

/** Types that hold channels or threads but no messages of their own. */
export const containerTypes: readonly ChannelType[] = ['category', 'forum', 'media'];
