import type { Context } from 'hono';

/** An address of ours as browsers reach it: below PUBLIC_URL, else under the name of this machine that the request used. */
export function ownUrl(c: Context, publicUrl: string | null, path: string): string {
  return `${publicUrl ?? new URL(c.req.url).origin}${path}`;
}
