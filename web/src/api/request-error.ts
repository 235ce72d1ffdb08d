import type { Problem } from '../../../src/http/contract.ts';

const silent = 'Clipdex does not answer. Is it still running?';

/** The server's own words about a request that it could not answer; without them, it was not reached. */
export class RequestError extends Error {
  readonly problem: Problem | null;

  constructor(problem: Problem | null) {
    super(problem?.detail ?? (navigator.onLine ? silent : `${silent} This device is offline.`));
    this.name = 'RequestError';
    this.problem = problem;
  }
}

export async function readProblem(response: Response): Promise<Problem | null> {
  if (!response.headers.get('Content-Type')?.startsWith('application/problem+json')) return null;
  return (await response.json()) as Problem;
}

/** What the server refuses for good is not asked again. */
export function isWorthRetrying(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500;
}

export function isNotLoggedIn(error: unknown): boolean {
  return statusOf(error) === 401;
}

export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** What is wrong with a field of a form that the server did not take; null: it is not to blame. */
export function problemAt(error: unknown, field: string): string | null {
  const { parameters } = (error instanceof RequestError ? error.problem : null) ?? {};
  const found = parameters?.find(({ name }) => name === field || name.startsWith(`${field}.`));
  return found ? `Allowed is ${found.allowed}.` : null;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof RequestError ? error.problem?.status : undefined;
}
