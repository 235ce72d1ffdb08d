import { type APIUser, ChannelType, ThreadAutoArchiveDuration } from 'discord-api-types/v10';
import type { WorldChannel } from '../world.ts';
import type { ThreadPlan } from './guild-plan.ts';
import type { Random } from './random.ts';
import { MINUTE_MS, timestampOf } from './world-time.ts';

const threadTypes = {
  public: ChannelType.PublicThread,
  private: ChannelType.PrivateThread,
  announcement: ChannelType.AnnouncementThread,
} as const;

const autoArchiveDurations = [
  ThreadAutoArchiveDuration.OneDay,
  ThreadAutoArchiveDuration.ThreeDays,
  ThreadAutoArchiveDuration.OneWeek,
] as const;
const MAX_NAME_LENGTH = 100;

/** A thread's id, and how it came to be. */
export type Beginning = { id: string; startMs: number; starter: APIUser; isFromMessage: boolean };

/** A thread as Discord describes it, still open. */
export function makeThread(
  random: Random,
  parent: WorldChannel,
  plan: ThreadPlan,
  { id, startMs, starter }: Beginning,
  title: string,
): WorldChannel['channel'] {
  const tags = 'available_tags' in parent.channel ? parent.channel.available_tags : [];
  const applied = random.shuffled(tags).slice(0, random.int(0, 2));
  return {
    id,
    type: threadTypes[plan.kind],
    name: title.slice(0, MAX_NAME_LENGTH),
    parent_id: parent.channel.id,
    owner_id: starter.id,
    rate_limit_per_user: 0,
    ...(tags.length > 0 && { applied_tags: applied.map((tag) => tag.id) }),
    thread_metadata: {
      archived: false,
      auto_archive_duration: random.pick(autoArchiveDurations),
      archive_timestamp: timestampOf(startMs),
      locked: false,
      create_timestamp: timestampOf(startMs),
      ...(plan.kind === 'private' && { invitable: true }),
    },
  };
}

/** Settles who belongs to a written thread, and whether it sleeps by now. */
export function settleThread(
  random: Random,
  { channel, messages, threadMembers }: WorldChannel,
  isActive: boolean,
): void {
  for (const { author } of messages) if (!author.bot) threadMembers.add(author.id);
  const metadata = 'thread_metadata' in channel ? channel.thread_metadata : undefined;
  if (!metadata) return;
  const lastMs = Date.parse(messages.at(-1)?.timestamp ?? metadata.archive_timestamp);
  if (isActive) {
    metadata.auto_archive_duration = ThreadAutoArchiveDuration.OneWeek;
  } else {
    metadata.archived = true;
    metadata.locked = random.chance(0.1);
    metadata.archive_timestamp = timestampOf(lastMs + metadata.auto_archive_duration * MINUTE_MS);
  }
}
