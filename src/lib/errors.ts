/**
 * An expected failure. Its message is for a person: it says what is wrong, where, and what to do next,
 * and is printed without a stack. `code` is stable (snake_case) and decides what callers do; the text never does.
 */
export class ClipdexError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClipdexError';
    this.code = code;
  }
}

/** The text of anything thrown, causes included, on one line. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text =
    error.message || (error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : error.name);
  return error.cause === undefined ? text : `${text}: ${messageOf(error.cause)}`;
}

export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What a deadline that passed is told with. */
export function isTimeoutError(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
