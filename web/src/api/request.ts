import { RequestError, readProblem } from './request-error.ts';

/** @throws RequestError for every answer but those of success, and for none */
export async function request(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new RequestError(null);
  });
  if (!response.ok) throw new RequestError(await readProblem(response));
  return response;
}
