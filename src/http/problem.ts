import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from './contract.ts';

/** An answer that is not what was asked for. Thrown by handlers, sent as a problem document (RFC 9457). */
export class ProblemError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly title: string;
  readonly parameters: Problem['parameters'];
  readonly retryAfterMs: number | undefined;

  constructor(problem: {
    status: ContentfulStatusCode;
    code: string;
    title: string;
    detail: string;
    parameters?: Problem['parameters'];
    retryAfterMs?: number;
  }) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.parameters = problem.parameters;
    this.retryAfterMs = problem.retryAfterMs;
  }
}

export function notFound(detail: string): ProblemError {
  return new ProblemError({ status: 404, code: 'not_found', title: 'Not found', detail });
}

export function sendProblem(c: Context, problem: ProblemError): Response {
  const { status, code, title, message: detail, parameters, retryAfterMs } = problem;
  const body: Problem = {
    type: 'about:blank',
    title,
    status,
    code,
    detail,
    requestId: c.get('requestId'),
    ...(parameters ? { parameters } : {}),
  };
  c.header('Cache-Control', 'no-store');
  if (retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  const busyPage = status === 429 || status === 503 ? busyPages.get(c.req.path) : undefined;
  if (busyPage !== undefined && asksForPage(c)) return c.redirect(busyPage, 302);
  c.header('Content-Type', 'application/problem+json');
  return c.body(JSON.stringify(body), status);
}

/** Where browsers are led that are on their way to a session or an install, and are not let in now. */
const busyPages: ReadonlyMap<string, string> = new Map([
  ['/auth/login', '/login?outcome=busy'],
  ['/auth/callback', '/login?outcome=busy'],
  ['/install/callback', '/install/outcome?outcome=busy'],
]);

/** As browsers do for what somebody clicks on: a problem document would be shown as it is. */
export function asksForPage(c: Context): boolean {
  return c.req.method === 'GET' && (c.req.header('Accept') ?? '').includes('text/html');
}
