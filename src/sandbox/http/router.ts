import type { Answer } from './answer.ts';
import type { ApiRequest } from './request.ts';

/** At most `requests` in each window of `perSecs`, for each value of the route's first id. */
export type RouteLimit = { requests: number; perSecs: number };

export type Route<Context> = {
  method: string;
  /** `:name` stands for one segment. */
  path: string;
  /** Who may ask; anybody else gets 401. A `client` proves itself in the handler, in OAuth's own way. */
  who: 'anyone' | 'client' | 'bot' | 'bot or user';
  /** The OAuth scope that a user's token needs. */
  scope?: string;
  limit?: RouteLimit;
  /** Routes with the same name share a bucket; the path when absent. */
  bucket?: string;
  handle: (context: Context, request: ApiRequest) => Answer | Promise<Answer>;
};

export type Match<Context> =
  | { kind: 'found'; route: Route<Context>; params: Record<string, string> }
  | { kind: 'wrong method' }
  | { kind: 'none' };

export function createRouter<Context>(routes: readonly Route<Context>[]) {
  const prepared = routes.map((route) => ({ route, segments: route.path.split('/') }));
  return function match(method: string, path: string): Match<Context> {
    const asked = path.split('/');
    let isKnownPath = false;
    for (const { route, segments } of prepared) {
      const params = matchSegments(segments, asked);
      if (!params) continue;
      if (route.method === method || (method === 'HEAD' && route.method === 'GET')) {
        return { kind: 'found', route, params };
      }
      isKnownPath = true;
    }
    return { kind: isKnownPath ? 'wrong method' : 'none' };
  };
}

function matchSegments(segments: string[], asked: string[]): Record<string, string> | undefined {
  if (segments.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = asked[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}
