import type { PlacedChannel } from '../channels.ts';
import { isThread } from '../channels.ts';
import { lastMessageId, type SandboxState } from '../state.ts';

/** A channel or thread as REST and the gateway send it, with the bot's own thread membership. */
export function channelView(state: SandboxState, { guild, entry }: PlacedChannel) {
  const last = lastMessageId(entry.messages);
  const common = { flags: 0, ...entry.channel, guild_id: guild.id };
  if (isThread(entry.channel)) {
    const count = entry.messages.length;
    return {
      rate_limit_per_user: 0,
      ...common,
      last_message_id: last,
      member_count: Math.max(1, entry.threadMembers.size),
      message_count: count,
      total_message_sent: Math.max(entry.channel.total_message_sent ?? 0, count),
      ...(entry.threadMembers.has(state.world.bot.id) && {
        member: threadMemberView(entry.channel.id, state.world.bot.id),
      }),
    };
  }
  return {
    position: 0,
    parent_id: null,
    permission_overwrites: [],
    ...common,
    ...(hasLastMessage(entry.channel.type) && {
      // A forum's last "message" is its newest thread.
      last_message_id: last ?? newestThreadId({ guild, entry }),
    }),
  };
}

/** Somebody as a member of a thread. */
export function threadMemberView(threadId: string, userId: string) {
  return {
    id: threadId,
    user_id: userId,
    join_timestamp: '2025-01-01T00:00:00.000000+00:00',
    flags: 0,
  };
}

function hasLastMessage(type: number): boolean {
  return type !== 4;
}

function newestThreadId({ guild, entry }: PlacedChannel): string | null {
  if (entry.channel.type !== 15 && entry.channel.type !== 16) return null;
  let newest: string | null = null;
  for (const { channel } of guild.channels.values()) {
    if (!isThread(channel) || channel.parent_id !== entry.channel.id) continue;
    if (newest === null || BigInt(channel.id) > BigInt(newest)) newest = channel.id;
  }
  return newest;
}
