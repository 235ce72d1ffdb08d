import type { Problem } from '../../../src/http/contract.ts';

/** The server's own words about a request that it could not answer; without them, it was not reached. */
export class RequestError extends Error {
  readonly problem: Problem | null;

  constructor(problem: Problem | null) {
    super(problem?.detail ?? 'Clipdex does not answer. Is it still running?');
    this.name = 'RequestError';
    this.problem = problem;
  }
}

type Parameters = Record<string, string | number | undefined>;

/** @throws RequestError */
export async function fetchJson<Answer>(
  path: string,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Answer> {
  const present = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(present.map(([name, value]) => [name, String(value)]));
  const response = await fetch(query.size > 0 ? `${path}?${query}` : path, { signal: signal ?? null }).catch(
    (error: unknown) => {
      if (signal?.aborted) throw error;
      throw new RequestError(null);
    },
  );
  if (!response.ok) throw new RequestError(await readProblem(response));
  return (await response.json()) as Answer;
}

export async function readProblem(response: Response): Promise<Problem | null> {
  if (!response.headers.get('Content-Type')?.startsWith('application/problem+json')) return null;
  return (await response.json()) as Problem;
}

/** What the server refuses for good is not asked again. */
export function isWorthRetrying(error: unknown): boolean {
  const status = error instanceof RequestError ? error.problem?.status : undefined;
  return status === undefined || status >= 500;
}
