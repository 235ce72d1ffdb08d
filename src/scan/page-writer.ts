import type { APIMessage } from 'discord-api-types/v10';
import type { Database } from '../db/database.ts';
import { commitScanPage, type PageRules, type ScanPage } from '../db/scan-pages.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import { defaultSettings, effectiveSettings } from '../db/settings.ts';
import { snowflakeTime } from '../discord/snowflake.ts';
import { PostedFiles } from '../library/posted-files.ts';
import { ScanFailure } from './reasons.ts';

/** Of one page, each by other settings than before: who changes them so often while it is committed is no person. */
const MAX_READINGS = 10;

/** What a walk brings of one page, newest message first. */
export type WalkedPage = Pick<ScanPage, 'covered' | 'isLast' | 'pace'> & { messages: readonly APIMessage[] };

/**
 * Writes the pages of one walk. Files are told by the formats that counted for the page before; where others count by
 * now, the statement that would commit the page says so instead, and its messages are looked through once more. So a
 * page costs one statement, and no change of settings is missed.
 */
export class PageWriter {
  readonly #run: ScanRun;
  readonly #workerId: string;
  readonly #db: Database;
  #ownFormats: string | null = null;
  #formats: ReadonlySet<string> = new Set(defaultSettings.video_formats);

  constructor(run: ScanRun, workerId: string, db: Database) {
    this.#run = run;
    this.#workerId = workerId;
    this.#db = db;
  }

  /** @throws ScanFailure when the channel may not be read now. */
  async write(page: WalkedPage): Promise<'committed' | 'not_running'> {
    for (let reading = 1; reading <= MAX_READINGS; reading += 1) {
      const outcome = await commitScanPage(this.#db, this.#read(page));
      if (typeof outcome === 'string') return outcome;
      this.#adopt(outcome.otherRules);
    }
    throw new Error(`a page of run ${this.#run.id} was refused ${MAX_READINGS} times for changed settings`);
  }

  #adopt({ isOpen, isReading, ownFormats }: PageRules): void {
    if (!isOpen) throw new ScanFailure('channel_age_restricted');
    if (!isReading) throw new ScanFailure('channel_not_reading');
    const stored = ownFormats === null ? {} : { video_formats: JSON.parse(ownFormats) as unknown };
    this.#ownFormats = ownFormats;
    this.#formats = new Set(effectiveSettings(stored).video_formats);
  }

  #read({ covered, isLast, messages, pace }: WalkedPage): ScanPage {
    const files = new PostedFiles();
    for (const message of messages) files.add(message, this.#run.channelId, this.#formats);
    const [newest] = messages;
    return {
      runId: this.#run.id,
      workerId: this.#workerId,
      covered,
      isLast,
      messageIds: messages.map((message) => message.id),
      ownFormats: this.#ownFormats,
      videos: files.videos,
      authors: files.authors,
      skipped: files.skipped,
      newestAt: newest ? new Date(snowflakeTime(newest.id)).toISOString() : null,
      pace,
    };
  }
}
