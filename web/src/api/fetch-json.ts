import { request } from './request.ts';

type Parameters = Record<string, string | number | undefined>;

/** @throws RequestError */
export async function fetchJson<Answer>(
  path: string,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Answer> {
  const present = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(present.map(([name, value]) => [name, String(value)]));
  const response = await request(query.size > 0 ? `${path}?${query}` : path, { signal: signal ?? null });
  return (await response.json()) as Answer;
}
