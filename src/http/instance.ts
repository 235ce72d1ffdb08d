import type { Context } from 'hono';
import type { Instance } from './contract.ts';
import type { Services } from './services.ts';

export function getInstance({ isSandbox }: Services) {
  return (c: Context) => c.json({ isSandbox } satisfies Instance);
}
