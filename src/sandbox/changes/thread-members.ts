import { GatewayIntentBits } from 'discord-api-types/v10';
import type { PlacedChannel } from '../channels.ts';
import type { SandboxState } from '../state.ts';
import { threadMemberView } from '../views/channel.ts';
import { memberView } from '../views/user.ts';
import type { WorldGuild } from '../world.ts';
import { emitInChannel, emitInGuild } from './emit.ts';
import { emitThread } from './threads.ts';

/** Discord counts the members of a thread no further. */
const MOST_COUNTED = 50;

/** Adds somebody to a thread. A thread that the bot enters is told to it as a whole first. */
export function addThreadMember(state: SandboxState, placed: PlacedChannel, userId: string): void {
  const { guild, entry } = placed;
  if (entry.threadMembers.has(userId)) return;
  entry.threadMembers.add(userId);
  if (userId === state.world.bot.id) emitThread(state, placed, 'THREAD_CREATE');
  const member = guild.members.get(userId);
  const added = {
    ...threadMemberView(entry.channel.id, userId),
    ...(member && { member: memberView(member) }),
    presence: null,
  };
  emitInChannel(state, placed, {
    name: 'THREAD_MEMBERS_UPDATE',
    intent: intentFor(state, userId),
    data: () => ({ ...changeIn(placed), added_members: [added] }),
  });
}

/** Takes somebody out of a thread. The bot hears of its own going though it may no longer see the thread. */
export function removeThreadMember(state: SandboxState, placed: PlacedChannel, userId: string): void {
  if (!placed.entry.threadMembers.delete(userId)) return;
  const name = 'THREAD_MEMBERS_UPDATE';
  const intent = intentFor(state, userId);
  const data = { ...changeIn(placed), removed_member_ids: [userId] };
  if (userId === state.world.bot.id) emitInGuild(state, placed.guild, { name, intent, data });
  else emitInChannel(state, placed, { name, intent, data: () => data });
}

/** Whoever leaves a guild is in its threads no more. Discord documents no event for that, so none is sent. */
export function leaveAllThreads(guild: WorldGuild, userId: string): void {
  for (const { threadMembers } of guild.channels.values()) threadMembers.delete(userId);
}

/** Of others only those sessions hear that may hear of members. */
function intentFor({ world }: SandboxState, userId: string): number {
  return userId === world.bot.id ? GatewayIntentBits.Guilds : GatewayIntentBits.GuildMembers;
}

function changeIn({ guild, entry }: PlacedChannel) {
  const count = Math.min(entry.threadMembers.size, MOST_COUNTED);
  return { id: entry.channel.id, guild_id: guild.id, member_count: count };
}
