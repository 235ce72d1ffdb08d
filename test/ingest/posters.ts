import { setTimeout as delay } from 'node:timers/promises';
import { type Database, sql } from '../../src/db/database.ts';
import type { TestSandbox } from '../support/program.ts';

const CLIP = { filename: 'goal.mp4', clip: 'lighthouse.mp4' };
const PAUSE_MS = 4; // between two doings: some hundred a second would be more than any program start keeps up with
const MAX_BULK = 5;

type Posted = { id: string; channelId: string; content: string; hasFile: boolean; isDeleted: boolean };

/** People who post, edit and delete in the sandbox, and remember what must be known of it. */
export class Posters {
  readonly #sandbox: TestSandbox;
  readonly #channelIds: readonly string[];
  readonly #authorId: string;
  readonly posted: Posted[] = [];

  constructor(sandbox: TestSandbox, channelIds: readonly string[], authorId: string) {
    this.#sandbox = sandbox;
    this.#channelIds = channelIds;
    this.#authorId = authorId;
  }

  async work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const chance = Math.random();
      if (chance < 0.6) await this.post();
      else if (chance < 0.75) await this.#edit();
      else if (chance < 0.85) await this.#takeFileAway();
      else await this.#delete();
      await delay(PAUSE_MS);
    }
  }

  async post(): Promise<void> {
    const channelId = oneOf(this.#channelIds) ?? '';
    const hasFile = Math.random() < 0.7;
    const content = `words ${this.posted.length}`;
    const answer = await this.#sandbox.control('post', {
      channel_id: channelId,
      author_id: this.#authorId,
      content,
      ...(hasFile ? { files: [CLIP] } : {}),
    });
    this.posted.push({ id: String(answer.message_id), channelId, content, hasFile, isDeleted: false });
  }

  async #edit(): Promise<void> {
    const message = oneOf(this.#standing());
    if (!message) return;
    message.content = `other ${message.content}`;
    const { id, channelId, content } = message;
    await this.#sandbox.control('edit', { channel_id: channelId, message_id: id, content });
  }

  async #takeFileAway(): Promise<void> {
    const message = oneOf(this.#standing().filter((one) => one.hasFile));
    if (!message) return;
    message.isDeleted = true; // its video, as far as we are concerned
    await this.#sandbox.control('edit', { channel_id: message.channelId, message_id: message.id, files: [] });
  }

  async #delete(): Promise<void> {
    const first = oneOf(this.#standing());
    if (!first) return;
    const { channelId } = first;
    const others = this.#standing().filter((one) => one.channelId === channelId && one !== first);
    const messages = [first, ...others.slice(0, Math.floor(Math.random() * MAX_BULK))];
    for (const message of messages) message.isDeleted = true;
    const ids = messages.map(({ id }) => id);
    if (ids.length > 1)
      await this.#sandbox.control('bulk-delete', { channel_id: channelId, message_ids: ids });
    else await this.#sandbox.control('delete', { channel_id: channelId, message_id: first.id });
  }

  #standing(): Posted[] {
    return this.posted.filter((message) => !message.isDeleted);
  }

  /** What must be stored, in the form of `storedOf`. */
  get truth() {
    const videos = this.posted
      .filter((message) => message.hasFile)
      .map(({ id, content, isDeleted }) => ({ id, caption: isDeleted ? null : content, isDeleted }));
    const counts = this.#channelIds.map((id) => ({
      id,
      count: this.posted.filter((message) => message.channelId === id).length,
    }));
    return { videos: videos.toSorted(byId), counts: counts.toSorted(byId) };
  }
}

export async function storedOf(db: Database, channelIds: readonly string[]) {
  const videos = await db.query<{ id: string; caption: string | null; isDeleted: boolean }>(sql`
    select message_id as id, case when deleted_at is null then caption end as caption,
      deleted_at is not null as "isDeleted"
    from videos`);
  const counts = await db.query<{ id: string; count: number }>(sql`
    select channel_id as id, message_count::int as count from bot_channels
    where channel_id = any(${channelIds}::text[])`);
  return { videos: videos.toSorted(byId), counts: counts.toSorted(byId) };
}

function byId(a: { id: string }, b: { id: string }): number {
  return BigInt(a.id) < BigInt(b.id) ? -1 : 1;
}

function oneOf<Item>(items: readonly Item[]): Item | undefined {
  return items[Math.floor(Math.random() * items.length)];
}
