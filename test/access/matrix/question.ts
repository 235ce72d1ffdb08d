import type { Door } from '../../../src/http/door.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';

/** An answer's body, which has passed the schema of its door. */
// biome-ignore lint/suspicious/noExplicitAny: the checks of each door read answers of their own shape
export type Json = any;

/** What an answer must be; each text of a check is a difference. */
export type Expected =
  /** What is not seen is answered as what does not exist. */
  | { kind: 'hidden' }
  | { kind: 'problem'; status: number; code: string }
  | { kind: 'json'; status?: number; check: (body: Json) => string[] }
  | { kind: 'redirect'; to: RegExp }
  | { kind: 'text'; check?: (text: string) => string[] }
  /** It would end a session that the matrix needs: a test of its own asks. */
  | { kind: 'asked elsewhere' };

/** The ids, and what else, of a request at a door. */
export type Asked = {
  path?: Record<string, string> | undefined;
  query?: Record<string, string> | undefined;
  body?: unknown;
  headers?: Record<string, string>;
};

export type Question = Asked & {
  /** Questions of one kind stand for each other, see `sampling.ts`; without, none does. */
  kind?: string | undefined;
  /** Of somebody whom the door lets in. */
  expect: (viewer: Viewer) => Expected;
  /** What makes it the same question about what exists nowhere. */
  missing?: Asked;
  /** Puts back what the answer, one of success, has changed. */
  undo?: (answer: Json) => Promise<void>;
};

/** All that a door is asked. Made anew for each viewer, as what is stored changes by what the viewers before them did. */
export type Case = (stage: Stage) => Question[];

export const hidden: Expected = { kind: 'hidden' };

export function problem(status: number, code: string): Expected {
  return { kind: 'problem', status, code };
}

export function json(check: (body: Json) => string[], status = 200): Expected {
  return { kind: 'json', status, check };
}

export function doorKey({ method, path }: Pick<Door, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/** What is the same for all doors: who is let in at all. Null: the viewer is. */
export function refusalAt({ method, right }: Door, viewer: Viewer): Expected | null {
  if (viewer.by === 'void token') return problem(401, 'token_invalid');
  if (right === 'anyone') return null;
  if (viewer.userId === null) return problem(401, 'not_logged_in');
  if (method !== 'GET' && viewer.scope === 'read') return problem(403, 'token_read_only');
  return right === 'operator' && !viewer.isOperator ? problem(403, 'operators_only') : null;
}
