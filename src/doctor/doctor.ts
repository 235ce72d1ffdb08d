import type { Database } from '../db/database.ts';
import type { OpenDatabase } from '../db/open-database.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { rejectWhenAborted, withDeadline } from '../lib/deadline.ts';
import { isTimeoutError } from '../lib/errors.ts';
import { checkDatabase } from './database-checks.ts';
import { checkDiscord } from './discord-checks.ts';
import { type Finding, ok, warn } from './finding.ts';
import { checkDataDirectory, checkDisk, checkNode, checkPublicUrl } from './host-checks.ts';

/** What of a running program is examined, through the connections that it has. */
export type DoctorOptions = {
  db: Database;
  databaseKind: OpenDatabase['kind'];
  rest: DiscordRest;
  apiUrl: string;
  clientId: string | null;
  clientSecret: string | null;
  isSandbox: boolean;
  dataDir: string;
  /** Where browsers reach the page from outside; null: it is for this machine alone. */
  publicUrl: string | null;
  /** How long an examination may take. */
  deadlineMs?: number;
};

/** A browser waits as long; a Discord that answers tells of a hundred guilds in that time. */
const DEADLINE_MS = 20_000;

export const ownSandbox = 'No DISCORD_BOT_TOKEN is set: Clipdex runs against its own sandbox.';

/** Examines the program that it is part of. Who asks while it does so is told the same. */
export class Doctor {
  readonly #options: DoctorOptions;
  #underWay: Promise<Finding[]> | null = null;

  constructor(options: DoctorOptions) {
    this.#options = options;
  }

  /** What was found in time; the last finding tells when that is not all. */
  examine(signal: AbortSignal): Promise<Finding[]> {
    this.#underWay ??= this.#examineInTime(signal).finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #examineInTime(signal: AbortSignal): Promise<Finding[]> {
    const { deadlineMs = DEADLINE_MS } = this.#options;
    const findings: Finding[] = [];
    try {
      await withDeadline(deadlineMs, signal, (inTime) =>
        Promise.race([this.#collect(findings, inTime), rejectWhenAborted(inTime)]),
      );
      return findings;
    } catch (error) {
      if (!isTimeoutError(error)) throw error;
      return [...findings, outOfTime(deadlineMs, findings.at(-1))];
    }
  }

  async #collect(findings: Finding[], signal: AbortSignal): Promise<void> {
    for await (const finding of this.#checks(signal)) findings.push(finding);
  }

  async *#checks(signal: AbortSignal): AsyncGenerator<Finding> {
    const { db, databaseKind: kind, isSandbox, dataDir, publicUrl } = this.#options;
    const { rest, apiUrl, clientId, clientSecret } = this.#options;
    yield checkNode();
    yield await checkDataDirectory(dataDir);
    yield await checkDisk(dataDir);
    if (publicUrl !== null) yield checkPublicUrl(publicUrl);
    yield* checkDatabase({ db, kind });
    if (isSandbox) yield ok('sandbox', ownSandbox);
    const call = { signal, priority: 'interactive' as const };
    yield* checkDiscord({ apiUrl, clientId, clientSecret, rest, call });
  }
}

function outOfTime(deadlineMs: number, last: Finding | undefined): Finding {
  const after = last ? ` after “${last.check}”` : '';
  return warn(
    'time',
    `Not everything could be examined within ${deadlineMs / 1000} s: it ended${after}.`,
    'Something is slow, or there are many guilds. "clipdex doctor" takes its time and examines all.',
  );
}
