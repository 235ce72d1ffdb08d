import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { TestBrowser } from '../support/test-browser.ts';

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** A list is a header that comes more than once. */
export type AskHeaders = Record<string, string | string[]>;

type Question = {
  method?: string;
  headers?: AskHeaders;
  body?: string | Buffer | undefined;
  /** Default: a connection of its own. */
  agent?: Agent;
};

/** A request as no browser makes it: `fetch` lets nobody choose Host, Cookie, Origin, or a path with dots. */
export function ask(url: string, path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, agent = false } = question;
  const { hostname, port } = new URL(url);
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const target = { hostname, port, path, method, headers: { ...length, ...headers }, agent };
  return new Promise((resolve, reject) => {
    const asked = request(target, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      if (answered['content-type']?.startsWith('text/event-stream')) {
        asked.destroy(); // it has no end
        resolve({ status, headers: answered, body: '' });
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status, headers: answered, body: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What the server answers to these very bytes until it hangs up; or we do, right after them. */
export async function sendBytes(url: string, bytes: string | Buffer, hangsUp = false): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {}); // it was cut, which is an answer, too
  if (hangsUp) socket.end(bytes);
  else socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

export function cookieHeader(browser: TestBrowser): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

export function codeOf({ body }: Pick<Answer, 'body'>): string {
  return String((JSON.parse(body) as { code?: unknown }).code);
}
