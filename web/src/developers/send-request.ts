import type { Operation } from './api-description.ts';
import { type Inputs, requestPath } from './request-text.ts';

const MAX_SHOWN_CHARS = 50_000; // more is for programs, and slow to show

export type Answer = { title: string; text: string };

/** Asks with the session of the page. Every answer is one, refusals too: it is shown as it comes. */
export async function sendRequest(operation: Operation, inputs: Inputs): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(requestPath(operation, inputs), {
    method: operation.method,
    redirect: 'manual',
    ...(operation.body && { body: inputs.body, headers: { 'Content-Type': 'application/json' } }),
  });
  if (response.type === 'opaqueredirect') {
    return { title: 'A redirect', text: 'The browser keeps to itself where it leads. curl -i shows it.' };
  }
  const text = await readText(response);
  const ms = Math.round(performance.now() - startedAt);
  return { title: `${response.status} ${response.statusText} · ${ms} ms`, text };
}

async function readText(response: Response): Promise<string> {
  const type = response.headers.get('Content-Type') ?? '';
  if (!/json|^text\/plain/.test(type)) {
    await response.body?.cancel(); // a stream of events has no end
    return type === '' ? '' : `(${type})`;
  }
  const text = pretty(await response.text());
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}\n… and more` : text;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
