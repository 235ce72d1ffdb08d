import type { Sandbox } from '../sandbox.ts';
import type { Fields } from './fields.ts';

/** One thing that can be done to the sandbox from outside: `POST /_sandbox/<name>`. */
export type Control = {
  name: string;
  help: string;
  /** Fields by name, with what they mean; those that end in `?` may be missing. Others are refused. */
  fields: Record<string, string>;
  run(sandbox: Sandbox, fields: Fields): unknown;
};
