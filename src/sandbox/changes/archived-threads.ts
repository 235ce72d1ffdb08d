import { ChannelType } from 'discord-api-types/v10';
import { addAttachments } from '../attachment-index.ts';
import type { PlacedChannel } from '../channels.ts';
import { clips } from '../generate/clip-catalogue.ts';
import { makeMessage } from '../generate/message.ts';
import { idAt, idTimeMs } from '../ids.ts';
import type { SandboxState } from '../state.ts';
import type { WorldChannel, WorldMessage } from '../world.ts';
import { threadChannel } from './threads.ts';

export type ArchivedThreadsDraft = {
  count: number;
  isPrivate: boolean;
  /** Whether the bot is a member. */
  isJoined: boolean;
  /** Of each thread; the first one has a video. */
  messages: number;
  /** Of the thread that was archived last. */
  archivedMs: number;
  stepMs: number;
};

const LIFE_MS = 24 * 60 * 60 * 1000; // of a thread, until it was archived
/** That a thread and its messages take up; the next thread of the same moment begins above them. */
const IDS_PER_THREAD = 2_000n;

/** Threads of the past, each a day old when it was archived. Nothing is told of them. */
export function makeArchivedThreads(
  state: SandboxState,
  parent: PlacedChannel,
  draft: ArchivedThreadsDraft,
): WorldChannel[] {
  return Array.from({ length: draft.count }, (_, place) => {
    const archivedMs = draft.archivedMs - place * draft.stepMs;
    return makeArchivedThread(state, parent, draft, archivedMs);
  });
}

function makeArchivedThread(
  state: SandboxState,
  { guild, entry: parent }: PlacedChannel,
  draft: ArchivedThreadsDraft,
  archivedMs: number,
): WorldChannel {
  const createdMs = archivedMs - LIFE_MS;
  let id = idAt(createdMs);
  while (guild.channels.has(id)) id = String(BigInt(id) + IDS_PER_THREAD);
  const entry = threadChannel(parent, id, new Date(createdMs).toISOString(), {
    name: `thread ${id}`,
    isPrivate: draft.isPrivate,
    ownerId: guild.ownerId,
  });
  if (draft.isJoined) entry.threadMembers.add(state.world.bot.id);
  const metadata = { archived: true, archive_timestamp: new Date(archivedMs).toISOString() };
  if ('thread_metadata' in entry.channel) Object.assign(entry.channel.thread_metadata ?? {}, metadata);
  // A post begins with a message that has its own id.
  const first = [ChannelType.GuildForum, ChannelType.GuildMedia].includes(parent.channel.type) ? 0n : 1n;
  for (let nth = 0; nth < draft.messages; nth += 1) {
    const message = makePastMessage(state, entry, String(BigInt(id) + first + BigInt(nth)), nth === 0);
    entry.messages.push(message);
    addAttachments(state.attachments, entry, message);
  }
  guild.channels.set(id, entry);
  return entry;
}

function makePastMessage(
  { world }: SandboxState,
  { channel }: WorldChannel,
  id: string,
  hasVideo: boolean,
): WorldMessage {
  const { file } = clips[0] ?? { file: '' };
  const video = {
    id: String(BigInt(id) + 1n),
    filename: file,
    content_type: 'video/mp4',
    size: 1000,
    clip: file,
  };
  const seed = {
    id,
    channelId: channel.id,
    author: world.bot,
    timeMs: idTimeMs(id),
    content: 'from the past',
  };
  return makeMessage(seed, { attachments: hasVideo ? [video] : [] });
}
