import { backoffMs } from '../../lib/backoff.ts';
import { systemClock } from '../../lib/clock.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { findBinaries, type PostgresBinaries } from './binaries.ts';
import { ensureCluster, SUPERUSER } from './cluster.ts';
import { adoptOrStartPostmaster, type PostmasterOptions, stopPostmaster } from './postmaster.ts';
import { enterServer, isServerGone, type Presence, type ServerUse } from './presence.ts';
import { openServerFolder, type ServerFolder } from './server-folder.ts';

export type EmbeddedOptions = {
  dataDir: string;
  use: ServerUse;
  /** Over our own; for tests. */
  settings?: Record<string, string>;
  /** Default true. False only for tests: see ClusterOptions. */
  isDurable?: boolean;
};

export type EmbeddedPostgres = {
  url: string;
  /** Ends our use of the server, and stops it unless other processes still use it. */
  leave(): Promise<void>;
};

const MAX_ENTER_ATTEMPTS = 5; // each time its last user stopped the server between our look and our connection
const FIRST_RESTORE_DELAY_MS = 100;
const MAX_RESTORE_DELAY_MS = 30_000;

/**
 * The PostgreSQL server below `dataDir`: made at the first time, started unless it runs, and shared by all processes of
 * Clipdex on this directory. The last one to leave stops it. If it crashes meanwhile, it is started again at its port.
 */
export async function joinEmbeddedPostgres(
  options: EmbeddedOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const folder = await openServerFolder(options.dataDir);
  const isDurable = options.isDurable ?? true;
  const { password } = await ensureCluster(folder, binaries, { isDurable }, log, signal);
  const server = new SharedServer(options, folder, binaries, password, log);
  await server.enter({ settings: options.settings }, signal);
  if (signal.aborted) await server.leave();
  signal.throwIfAborted();
  return server;
}

class SharedServer implements EmbeddedPostgres {
  #port = 0;
  #presence: Presence | undefined;
  #restoring: Promise<void> | undefined;
  readonly #left = new AbortController();
  readonly #options: EmbeddedOptions;
  readonly #folder: ServerFolder;
  readonly #binaries: PostgresBinaries;
  readonly #password: string;
  readonly #log: Logger;

  constructor(
    options: EmbeddedOptions,
    folder: ServerFolder,
    binaries: PostgresBinaries,
    password: string,
    log: Logger,
  ) {
    this.#options = options;
    this.#folder = folder;
    this.#binaries = binaries;
    this.#password = password;
    this.#log = log;
  }

  get url(): string {
    // Without sslmode, PGSSLMODE of the environment would ask this server for TLS.
    return `postgres://${SUPERUSER}:${this.#password}@127.0.0.1:${this.#port}/postgres?sslmode=disable`;
  }

  async enter(options: PostmasterOptions, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { port } = await adoptOrStartPostmaster(this.#folder, this.#binaries, options, this.#log, signal);
      this.#port = port;
      try {
        this.#presence = await enterServer(this.url, this.#options.use, () => this.#onLost());
        return;
      } catch (error) {
        if (!isServerGone(error) || attempt === MAX_ENTER_ATTEMPTS) throw error;
      }
    }
  }

  async leave(): Promise<void> {
    this.#left.abort();
    await this.#restoring;
    const presence = this.#presence;
    this.#presence = undefined;
    const isLast = await presence?.becomeLast().catch(() => false); // a server that is gone needs no stop
    if (isLast) await stopPostmaster(this.#folder, this.#log);
    await presence?.end();
  }

  #onLost(): void {
    this.#presence = undefined;
    if (this.#left.signal.aborted) return;
    this.#log.warn('the embedded PostgreSQL has stopped unexpectedly; starting it again');
    this.#restoring = this.#restore(this.#left.signal);
  }

  async #restore(signal: AbortSignal): Promise<void> {
    const options = { settings: this.#options.settings, port: this.#port };
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await this.enter(options, signal);
        this.#log.info('the embedded PostgreSQL runs again');
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#log.error({ err: messageOf(error) }, 'the embedded PostgreSQL does not start; trying again');
        const delayMs = backoffMs(attempt, FIRST_RESTORE_DELAY_MS, MAX_RESTORE_DELAY_MS);
        await systemClock.sleep(delayMs, signal).catch(() => {}); // ends early when we leave
      }
    }
  }
}
