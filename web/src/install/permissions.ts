/** What the bot asks for in a guild, the least that it needs, and why. */
export const permissions = [
  {
    name: 'View Channels',
    why: 'To see the channels. Those that are hidden from everybody stay hidden from it, unless you let it in.',
  },
  {
    name: 'Read Message History',
    why: 'To find what was posted before it came. Without it, only videos posted from now on are found.',
  },
  {
    name: 'Connect',
    why: 'To read the chat of voice channels: Discord asks for it there. It never joins a call.',
  },
] as const;
