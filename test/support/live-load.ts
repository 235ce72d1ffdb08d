import { setTimeout as delay } from 'node:timers/promises';
import { isThread } from '../../src/sandbox/channels.ts';
import { createRandom } from '../../src/sandbox/generate/random.ts';
import type { WorldChannel } from '../../src/sandbox/world.ts';
import { ids } from '../sandbox/small-world.ts';
import type { FaultWorld } from './fault-world.ts';
import type { TestSandbox } from './program.ts';
import { emptyLedger, type Ledger } from './truth.ts';

export type LiveLoad = {
  /** What the world forgets: the comparison with it needs to know. */
  ledger: Ledger;
  /**
   * Acts until the returned function is called, which waits for the last act. `posts`: without edits and deletions.
   */
  begin(what?: 'everything' | 'posts'): () => Promise<void>;
};

export type LiveLoadOptions = {
  sandbox: TestSandbox;
  faultWorld: FaultWorld;
  seed: number;
  pauseMs: number;
  /**
   * Whether everybody has read the message, so that its removal leaves no doubt of what is counted: others stay, but for
   * those of the first channel. Left out: nobody is asked, and all removals leave that doubt.
   */
  isRead?: (channelId: string, messageId: string) => Promise<boolean>;
};

const shares = {
  post: 60,
  edit: 14,
  delete: 8,
  bulkDelete: 2,
  channel: 1,
  thread: 2,
  deleteChannel: 1,
  strip: 2,
};
type Posted = { channelId: string; messageId: string };

const VIDEO_CHANCE = 0.4;
const RECENT_POSTS = 60; // people change what they have just written
const MAX_MADE = 12; // channels and threads that the load makes; then it only posts in them

/**
 * What people do while a fault strikes: they post, edit and delete, open channels and threads and delete them again.
 * The same seed does the same, but for what depends on what has been read.
 */
export function createLiveLoad(options: LiveLoadOptions): LiveLoad {
  const { sandbox, faultWorld, isRead } = options;
  const random = createRandom(options.seed);
  const ledger = emptyLedger();
  const made: string[] = [];
  const posted: Posted[] = [];
  const guild = sandbox.world.guilds.get(faultWorld.guildId);
  const entryOf = (channelId: string) => guild?.channels.get(channelId);
  const mayDoubt = ({ channelId }: Posted) => !isRead || channelId === faultWorld.openIds[0];
  const places = () => [...faultWorld.openIds, ...made].filter(entryOf);

  async function post(): Promise<void> {
    const channelId = random.pick(places());
    const files = random.chance(VIDEO_CHANCE) ? [{ filename: 'live.mp4', clip: 'test-card.mp4' }] : [];
    const content = `live ${random.int(0, 1_000_000)}`;
    const answer = await sandbox.control('post', {
      channel_id: channelId,
      author_id: ids.member,
      content,
      files,
    });
    posted.push({ channelId, messageId: String(answer.message_id) });
  }

  function pickPosted(): Posted | undefined {
    const recent = posted.slice(-RECENT_POSTS).filter(({ channelId, messageId }) => {
      return entryOf(channelId)?.messages.some((message) => message.id === messageId);
    });
    return recent.length > 0 ? random.pick(recent) : undefined;
  }

  /** Deletes those of one channel, as far as their removal leaves no doubt, or doubt is allowed there. */
  async function remove(targets: Posted[]): Promise<void> {
    const channelId = targets[0]?.channelId;
    const doomed: string[] = [];
    for (const target of targets.filter((one) => one.channelId === channelId)) {
      const isSure = (await isRead?.(target.channelId, target.messageId)) ?? false;
      if (!isSure && !mayDoubt(target)) continue;
      note(isSure ? ledger.deletedAfterReading : ledger.perhapsRead, target);
      doomed.push(target.messageId);
    }
    if (doomed.length === 0) return;
    await sandbox.control('bulk-delete', { channel_id: channelId, message_ids: doomed });
  }

  const acts: Record<keyof typeof shares, () => Promise<void>> = {
    post,
    async edit() {
      const target = pickPosted();
      if (!target) return post();
      const content = `edited ${random.int(0, 1_000_000)}`;
      await sandbox.control('edit', { channel_id: target.channelId, message_id: target.messageId, content });
    },
    /** Takes the files of a message away. */
    async strip() {
      const target = pickPosted();
      if (!target || !mayDoubt(target)) return;
      note(ledger.perhapsRead, target);
      await sandbox.control('edit', {
        channel_id: target.channelId,
        message_id: target.messageId,
        files: [],
      });
    },
    async delete() {
      const target = pickPosted();
      if (target) await remove([target]);
    },
    bulkDelete: () =>
      remove([pickPosted(), pickPosted(), pickPosted()].filter((target) => target !== undefined)),
    async channel() {
      if (made.length >= MAX_MADE) return post();
      const answer = await sandbox.control('create-channel', {
        guild_id: faultWorld.guildId,
        name: `new-${made.length}`,
      });
      made.push(String(answer.channel_id));
    },
    async thread() {
      if (made.length >= MAX_MADE) return post();
      const parent = random.pick(places().filter((id) => !isThreadEntry(entryOf(id))));
      const fields = { channel_id: parent, name: `talk-${made.length}`, owner_id: ids.member };
      made.push(String((await sandbox.control('create-thread', fields)).channel_id));
    },
    async deleteChannel() {
      const doomed = made.filter(entryOf);
      if (doomed.length > 3) await sandbox.control('delete-channel', { channel_id: random.pick(doomed) });
    },
  };

  return {
    ledger,
    begin(what = 'everything') {
      const stopping = new AbortController();
      const acting = (async () => {
        while (!stopping.signal.aborted) {
          await acts[what === 'posts' ? 'post' : random.weighted(shares)]();
          await delay(options.pauseMs);
        }
      })();
      return async () => {
        stopping.abort();
        await acting;
      };
    },
  };
}

function note(deleted: Map<string, Set<string>>, { channelId, messageId }: Posted): void {
  const known = deleted.get(channelId) ?? new Set();
  deleted.set(channelId, known.add(messageId));
}

function isThreadEntry(entry: WorldChannel | undefined): boolean {
  return entry !== undefined && isThread(entry.channel);
}
