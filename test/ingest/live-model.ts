import { ensureCoverage, getCoverage } from '../../src/db/coverage.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { breakLiveCoverage, SETTLE_MS, settleLiveCoverage } from '../../src/db/live-coverage.ts';
import { writeLiveMessages } from '../../src/db/live-messages.ts';
import { startScanRun, succeedScanRun } from '../../src/db/move-scan-run.ts';
import { commitScanPage } from '../../src/db/scan-pages.ts';
import { snowflakeTime } from '../../src/discord/snowflake.ts';
import { enqueueMissed, exceptOf } from '../../src/jobs/enqueue-scan.ts';
import { hasId, subtractRanges } from '../../src/lib/ranges.ts';
import { idAt as snowflakeAt } from '../../src/sandbox/ids.ts';

const BEGAN_MS = Date.parse('2026-01-01T00:00:00Z');
const PAGE_SIZE = 3;
const TOP = 2n ** 63n - 1n;

type Run = { id: string; afterMessageId: string | null; beforeMessageId: string | null };
type Post = { id: bigint; deliveredAt: number };

/** What happens next, in an order that chance chooses. */
export type Step =
  /** A message is created; its event comes late by less than it takes to settle. */
  | { kind: 'post'; afterMs: number; lateMs: number }
  | { kind: 'wait'; afterMs: number }
  /** Events are committed; when the program dies instead, RESUME brings them again. */
  | { kind: 'deliver'; count: number; dies: boolean }
  /** Discord answers a heartbeat. */
  | { kind: 'heartbeat' }
  /** A session that cannot be resumed is followed by a new one: what was not delivered is lost. */
  | { kind: 'new session' }
  /** A page of the run that is under way. */
  | { kind: 'page' };

/**
 * One channel, what Discord knows of it, and us between its events and its history. Times are the model's own.
 * A page shows every message below its top: a walk waits until the top has settled.
 */
export class LiveModel {
  readonly #db: Database;
  readonly #guildId: string;
  readonly #channelId: string;
  readonly #posts: Post[] = [];
  readonly #processed = new Set<bigint>();
  #queue: Post[] = [];
  #now = BEGAN_MS;
  #committedAt = BEGAN_MS;
  #sessions = 0;
  /** Pages and ends of runs. */
  #pages = 0;

  constructor(db: Database, guildId: string, channelId: string) {
    this.#db = db;
    this.#guildId = guildId;
    this.#channelId = channelId;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'post') this.#post(step);
    if (step.kind === 'wait') this.#now += step.afterMs;
    if (step.kind === 'deliver') await this.#deliver(step.count, step.dies);
    if (step.kind === 'heartbeat') await this.#heartbeat();
    if (step.kind === 'new session') await this.#beginSession();
    if (step.kind === 'page') await this.#walkPage();
  }

  /** Everything that is under way comes to its end. */
  async finish(): Promise<void> {
    this.#now += 10 * SETTLE_MS;
    while (this.#queue.length > 0) await this.#deliver(5, false);
    this.#now += 10 * SETTLE_MS;
    await this.#heartbeat();
    const mostPages = this.#pages + 10 * (this.#posts.length + 1);
    while (await this.#walkPage())
      if (this.#pages > mostPages) throw new Error('runs follow runs without an end');
  }

  /** What is stored, beside what must be. */
  async compare() {
    const [row] = await this.#db.query<{ count: number; years: number }>(sql`
      select c.message_count::int as count,
        (select coalesce(sum(message_count), 0)::int from channel_years y where y.channel_id = c.channel_id) as years
      from bot_channels c where c.channel_id = ${this.#channelId}`);
    const scanned = await getCoverage(this.#db, this.#channelId);
    const covered = this.#posts.filter((post) => hasId(scanned, post.id));
    return {
      counted: row,
      covered: covered.length,
      claimedUnread: covered.filter((post) => !this.#processed.has(post.id)).length,
      uncovered: this.#posts.length - covered.length,
      fragments: scanned.length,
    };
  }

  #post({ afterMs, lateMs }: { afterMs: number; lateMs: number }): void {
    this.#now += afterMs;
    const id = BigInt(snowflakeAt(this.#now)) + BigInt(this.#posts.length);
    const post = { id, deliveredAt: this.#now + lateMs };
    this.#posts.push(post);
    this.#queue = [...this.#queue, post].toSorted((a, b) => a.deliveredAt - b.deliveredAt);
  }

  async #deliver(count: number, dies: boolean): Promise<void> {
    const events = this.#queue.filter((post) => post.deliveredAt <= this.#now).slice(0, count);
    if (events.length === 0 || this.#sessions === 0) return;
    const ids = events.map((post) => String(post.id)).toSorted();
    const newestAt = new Date(snowflakeTime(ids.at(-1) ?? '1')).toISOString();
    const killed = new Error('killed');
    const commit = this.#db.transaction(async (tx) => {
      const batch = [{ channelId: this.#channelId, messageIds: ids, newestAt }];
      const begun = await writeLiveMessages(tx, `s${this.#sessions}`, batch, [], []);
      if (begun.length > 0) await enqueueMissed(tx, { channelIds: begun });
      if (dies) throw killed;
    });
    await commit.catch((error: unknown) => {
      if (error !== killed) throw error;
    });
    if (dies) return;
    for (const { id } of events) this.#processed.add(id);
    this.#queue = this.#queue.filter((post) => !events.includes(post));
    this.#committedAt = this.#now;
  }

  async #heartbeat(): Promise<void> {
    const isAllCommitted = !this.#queue.some((post) => post.deliveredAt <= this.#now);
    if (!isAllCommitted || this.#now < this.#committedAt + SETTLE_MS) return;
    await settleLiveCoverage(this.#db, `s${this.#sessions}`, -1);
  }

  async #beginSession(): Promise<void> {
    this.#sessions += 1;
    this.#queue = this.#queue.filter((post) => post.deliveredAt > this.#now);
    await this.#db.transaction(async (tx) => {
      await tx.query(sql`
        update channel_access set newest_message_id = greatest(newest_message_id, ${this.#toldId()})
        where channel_id = ${this.#channelId}`);
      await breakLiveCoverage(tx, this.#guildId);
      await enqueueMissed(tx, { guildId: this.#guildId });
    });
  }

  /** The newest message that Discord has delivered, to us or to nobody. */
  #toldId(): bigint {
    const told = this.#posts.filter((post) => post.deliveredAt <= this.#now).map((post) => post.id);
    return maxId(told);
  }

  /** False when there is nothing to walk. */
  async #walkPage(): Promise<boolean> {
    const [run] = await this.#db.query<Run>(sql`
      select id, after_message_id as "afterMessageId", before_message_id as "beforeMessageId"
      from bot_channel_scan_runs
      where channel_id = ${this.#channelId} and status in ('queued', 'running')`);
    if (!run) return false;
    const [hole] = await this.#holesOf(run);
    const workerId = 'w';
    await startScanRun(this.#db, run.id, workerId);
    await ensureCoverage(this.#db, this.#channelId);
    this.#pages += 1;
    if (!hole) {
      await this.#db.transaction(async (tx) => {
        await succeedScanRun(tx, run.id, workerId, 'range_covered');
        await enqueueMissed(tx, { channelIds: [this.#channelId] }, exceptOf(run));
      });
      return true;
    }
    const shown = this.#posts
      .map((post) => post.id)
      .filter((id) => id >= hole.low && id < hole.high)
      .toSorted((a, b) => (a < b ? 1 : -1))
      .slice(0, PAGE_SIZE);
    const low = shown.length < PAGE_SIZE ? hole.low : (shown.at(-1) ?? hole.low);
    for (const id of shown) this.#processed.add(id);
    await commitScanPage(this.#db, {
      ...{
        runId: run.id,
        workerId,
        covered: { low, high: hole.high },
        isLast: false,
        messageIds: shown.map(String),
      },
      ...{ ownFormats: null, skipped: [], videos: [], authors: [], newestAt: null },
      ...{ pace: { workingMs: 0, plannedSpanMs: 0, remainingSpanMs: 0 } },
    });
    return true;
  }

  /** Newest first; nothing above what is known to exist. */
  async #holesOf(run: Run) {
    const wanted = {
      low: run.afterMessageId === null ? 1n : BigInt(run.afterMessageId) + 1n,
      high: run.beforeMessageId === null ? TOP : BigInt(run.beforeMessageId),
    };
    const scanned = await getCoverage(this.#db, this.#channelId);
    const known = maxId([this.#toldId(), ...scanned.map((range) => range.high - 1n)]) + 1n;
    const high = known < wanted.high ? known : wanted.high;
    return high <= wanted.low ? [] : subtractRanges({ low: wanted.low, high }, scanned).toReversed();
  }
}

function maxId(ids: readonly bigint[]): bigint {
  return ids.toSorted((a, b) => (a < b ? -1 : 1)).at(-1) ?? 1n;
}
