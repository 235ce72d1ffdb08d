import { request } from './request.ts';

export type ChangeMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Changes something. The browser tells the server that the request comes from our own page. @throws RequestError */
export async function sendJson<Answer = void>(
  method: ChangeMethod,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await request(path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}
