import type { Context } from 'hono';
import type { Viewer } from '../access/viewer.ts';
import { clientAddress } from './client-address.ts';
import type { Door } from './door.ts';
import { ProblemError } from './problem.ts';
import type { Services } from './services.ts';

/** With a null viewer the limits of the address; else those of the viewer. @throws ProblemError `too_many_requests` */
export async function checkLimits(
  c: Context,
  { limits }: Door,
  viewer: Viewer | null,
  { access, trustedProxies }: Services,
): Promise<void> {
  for (const { name, by, count, perSecs } of limits) {
    if ((by === 'viewer') !== (viewer !== null)) continue;
    const who = viewer === null ? clientAddress(c, trustedProxies) : viewer.userId;
    const retryAfterMs = await access.takeAllowance({ key: `${name} ${by} ${who}`, count, perSecs });
    if (retryAfterMs !== null) throw tooMany(retryAfterMs);
  }
}

export function tooMany(retryAfterMs: number): ProblemError {
  return new ProblemError({
    status: 429,
    code: 'too_many_requests',
    title: 'Too many requests',
    detail: `Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    retryAfterMs,
  });
}
