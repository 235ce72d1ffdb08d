import type { IncomingHttpHeaders } from 'node:http';
import type { Sandbox } from '../sandbox.ts';
import { botsOnly, foreignUserAgent, unauthorized } from './api-error.ts';
import type { Caller } from './request.ts';
import type { Route } from './router.ts';

/** `DiscordBot (url, version)`, perhaps with more behind. */
const userAgentForm = /^DiscordBot \([^\s,()]+, ?[^,()]+\)/;

/** Discord's edge turns away clients that do not name themselves as its documentation asks. */
export function checkUserAgent(route: Route<Sandbox>, headers: IncomingHttpHeaders): void {
  const userAgent = headers['user-agent'] ?? '';
  const isFitting = route.who === 'client' ? userAgent !== '' : userAgentForm.test(userAgent);
  if (!isFitting) throw foreignUserAgent();
}

export function readCaller({ credentials, state, grants }: Sandbox, headers: IncomingHttpHeaders): Caller {
  const [scheme, token] = headers.authorization?.split(' ') ?? [];
  if (scheme === 'Bot' && token === credentials.token) return { kind: 'bot', userId: state.world.bot.id };
  const claims = scheme === 'Bearer' && token ? grants.readAccess(token) : undefined;
  if (!claims) return { kind: 'nobody' };
  return { kind: 'user', userId: claims.userId, scopes: claims.scopes, expiresAt: claims.expiresAt };
}

/** @throws ApiError when the route is not for this caller. */
export function checkCaller(route: Route<Sandbox>, caller: Caller): void {
  if (route.who === 'anyone' || route.who === 'client') return;
  if (caller.kind === 'nobody') throw unauthorized();
  if (caller.kind === 'bot') return;
  if (route.who === 'bot') throw botsOnly();
  if (route.scope !== undefined && !caller.scopes.includes(route.scope)) throw unauthorized();
}
