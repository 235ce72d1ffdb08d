import { systemClock } from '../lib/clock.ts';

/** What a command prints: results on stdout, progress and errors on stderr; with `--json` stdout is JSON alone. */
export class Output {
  readonly isJson: boolean;
  #isReaderGone = false;

  /** `onReaderGone` is called when whoever reads stdout went away (`| head`): nobody wants the rest. */
  constructor(isJson: boolean, onReaderGone: () => void) {
    this.isJson = isJson;
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        this.#isReaderGone = true;
        onReaderGone();
      });
    }
  }

  get isReaderGone(): boolean {
    return this.#isReaderGone;
  }

  /** For people; scripts get `json` instead. */
  line(text: string): void {
    if (!this.isJson) this.#write(process.stdout, `${text}\n`);
  }

  /** For scripts; people get `line` instead. */
  json(value: unknown): void {
    if (this.isJson) this.#write(process.stdout, `${JSON.stringify(value)}\n`);
  }

  /** What a person should know besides the result. */
  notice(text: string): void {
    if (!this.isJson) this.#write(process.stderr, `${text}\n`);
  }

  error(code: string, message: string): void {
    const text = this.isJson ? JSON.stringify({ error: { code, message } }) : message;
    this.#write(process.stderr, `${text}\n`);
  }

  progress(): ProgressLine {
    return new ProgressLine((text) => this.#write(process.stderr, text), process.stderr.isTTY === true);
  }

  #write(stream: NodeJS.WriteStream, text: string): void {
    if (!this.#isReaderGone) stream.write(text);
  }
}

const LINE_INTERVAL_MS = 5_000; // where nothing can be redrawn, e.g. in the log of a scheduled job
const BAR_WIDTH = 24; // characters
const ERASE_LINE = '\r\x1b[2K';

/** A bar that is redrawn on a terminal, and elsewhere a line now and then. */
export class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  #printedAtMs = Number.NEGATIVE_INFINITY;

  constructor(write: (text: string) => void, isTerminal: boolean) {
    this.#write = write;
    this.#isTerminal = isTerminal;
  }

  /** `done` is 0…1, null while it is not known. */
  show(done: number | null, text: string, nowMs = systemClock.monotonic()): void {
    if (this.#isTerminal) {
      this.#write(`${ERASE_LINE}${bar(done ?? 0)} ${text}`);
    } else if (nowMs - this.#printedAtMs >= LINE_INTERVAL_MS) {
      this.#printedAtMs = nowMs;
      this.#write(`${text}\n`);
    }
  }

  clear(): void {
    if (this.#isTerminal) this.#write(ERASE_LINE);
  }
}

function bar(done: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, done)) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
}
