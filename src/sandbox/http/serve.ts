import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../lib/clock.ts';
import { isAbortError, messageOf } from '../../lib/errors.ts';
import type { Fault } from '../faults.ts';
import type { Verdict } from '../rate-limits.ts';
import { apiRoutes, siteRoutes } from '../routes.ts';
import type { Sandbox } from '../sandbox.ts';
import { countRequest, countUnderWay } from '../stats.ts';
import { type Answer, json } from './answer.ts';
import { ApiError, methodNotAllowed, notFound } from './api-error.ts';
import { checkCaller, checkUserAgent, readCaller } from './caller.ts';
import { readBody } from './read-body.ts';
import type { ApiRequest, Caller } from './request.ts';
import { createRouter, type Route } from './router.ts';
import { type Delivery, send } from './send.ts';
import { readTarget, type Target } from './target.ts';
import { addUnknownFields } from './unknown-fields.ts';

const matchApi = createRouter(apiRoutes);
const matchSite = createRouter(siteRoutes);

const MESSAGES = 'GET /channels/:channel/messages';

type Found = { target: Target; route: Route<Sandbox>; params: Record<string, string> };
type Outcome = { answer: Answer; isRateLimited: boolean };

/**
 * Answers one request: route → fault on order → latency → user agent → token → rate limit → handler. The site around
 * the API knows only the first two and the last.
 */
export async function serve(
  sandbox: Sandbox,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  try {
    const method = request.method ?? 'GET';
    const found = findRoute(method, request.url ?? '/');
    if ('refusal' in found) return await send(request, response, found.refusal.answer);
    const fault = isControl(found)
      ? undefined
      : sandbox.faults.take(method, found.route.path, found.target.path);
    const name = `${found.route.method} ${found.route.path}`;
    if (name === MESSAGES) response.once('close', countUnderWay(sandbox.stats, found.params.channel ?? ''));
    const delivery = deliveryOf(fault);
    if (fault && delivery === 'whole') {
      countRequest(sandbox.stats, name, fault.kind === 'answer' ? fault.status : 0, false);
      return await misbehave(fault, request, response);
    }
    const outcome = await answerRequest(sandbox, found, request, signal);
    if (!isControl(found)) countRequest(sandbox.stats, name, outcome.answer.status, outcome.isRateLimited);
    await send(request, response, outcome.answer, delivery);
  } catch (error) {
    if (isAbortError(error) || response.destroyed) return void response.destroy();
    sandbox.log.error({ err: error, url: request.url?.split('?')[0] }, 'sandbox failed to answer');
    if (response.headersSent) return void response.destroy();
    await send(request, response, json({ message: messageOf(error), code: 0 }, 500));
  }
}

function findRoute(method: string, url: string): Found | { refusal: ApiError } {
  const target = readTarget(url);
  if (!target) return { refusal: notFound() };
  const match = target.area === 'api' ? matchApi(method, target.path) : matchSite(method, target.path);
  if (match.kind === 'none') return { refusal: notFound() };
  if (match.kind === 'wrong method') return { refusal: methodNotAllowed() };
  return { target, route: match.route, params: match.params };
}

/** Everything but the sending; refusals are answers like any other. */
async function answerRequest(
  sandbox: Sandbox,
  { target, route, params }: Found,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<Outcome> {
  const { headers, method = 'GET' } = request;
  let limitHeaders: Record<string, string> = {};
  try {
    let caller: Caller = { kind: 'nobody' };
    if (target.area === 'api') {
      const { latencyMs } = sandbox.state.switches;
      if (latencyMs > 0) await systemClock.sleep(latencyMs, signal);
      checkUserAgent(route, headers);
      caller = readCaller(sandbox, headers);
      checkCaller(route, caller);
      const verdict = spend(sandbox, route, params, caller);
      limitHeaders = verdict.headers;
      if (!verdict.isAllowed) return { answer: tooManyRequests(verdict), isRateLimited: true };
    }
    const body = method === 'GET' || method === 'HEAD' ? undefined : await readBody(request);
    const asked: ApiRequest = { ...target, method, params, headers, body, caller };
    const answer = await route.handle(sandbox, asked);
    const shown = target.area === 'api' ? withSurprises(sandbox, answer) : answer;
    return { answer: withHeaders(shown, limitHeaders), isRateLimited: false };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { answer: withHeaders(error.answer, limitHeaders), isRateLimited: false };
  }
}

function spend(
  sandbox: Sandbox,
  route: Route<Sandbox>,
  params: Record<string, string>,
  caller: Caller,
): Verdict {
  return sandbox.spend({
    spender: caller.kind === 'nobody' ? 'nobody' : caller.userId,
    route: `${route.method} ${route.path}`,
    bucket: route.bucket,
    limit: route.limit,
    majorId: Object.values(params)[0] ?? '',
    hasLyingHeaders: sandbox.state.switches.hasLyingHeaders,
  });
}

function tooManyRequests(verdict: Verdict & { isAllowed: false }): Answer {
  const answer = json(
    {
      message: 'You are being rate limited.',
      retry_after: verdict.retryAfterSecs,
      global: verdict.isGlobal,
      code: 0,
    },
    429,
  );
  return withHeaders(answer, verdict.headers);
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

/** Discord adds fields at any time. */
function withSurprises({ state }: Sandbox, answer: Answer): Answer {
  if (!state.switches.hasUnknownFields || answer.body?.kind !== 'text') return answer;
  return { ...answer, body: { ...answer.body, text: addUnknownFields(answer.body.text) } };
}

function isControl({ target }: Found): boolean {
  return target.path.startsWith('/_sandbox');
}

/** What is done to the proper answer; `whole` for a fault that takes its place. */
function deliveryOf(fault: Fault | undefined): Delivery {
  switch (fault?.kind) {
    case 'stall':
    case 'cut':
    case 'truncated':
    case 'hang-up':
      return fault.kind;
    default:
      return 'whole';
  }
}

/** Does what was ordered instead of answering. A hanging request ends when its client or the sandbox does. */
async function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (fault.kind === 'hang') return;
  if (fault.kind === 'close') return void request.socket.destroy();
  const contentType = fault.body.startsWith('{') ? 'application/json' : 'text/html';
  await send(request, response, {
    status: fault.status,
    headers: fault.headers,
    body: { kind: 'text', contentType, text: fault.body },
  });
}
