import { request } from './request.ts';

type Query = Record<string, string | number | undefined>;

/** Tells also how long the answer took, for lists that are polled and grow. @throws RequestError */
export async function fetchTimed<Answer>(
  ...request: Parameters<typeof fetchJson>
): Promise<Answer & { tookMs: number }> {
  const askedAt = performance.now();
  const answer = await fetchJson<Answer>(...request);
  return { ...answer, tookMs: performance.now() - askedAt };
}

/** @throws RequestError */
export async function fetchJson<Answer>(
  path: string,
  parameters: Query,
  signal?: AbortSignal,
): Promise<Answer> {
  const present = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(present.map(([name, value]) => [name, String(value)]));
  const response = await request(query.size > 0 ? `${path}?${query}` : path, { signal: signal ?? null });
  return (await response.json()) as Answer;
}
