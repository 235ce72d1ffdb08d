import type { IncomingHttpHeaders } from 'node:http';
import { isId } from '../ids.ts';
import { invalidForm } from './api-error.ts';

/** Who asks: the bot by its token, a user by an OAuth access token, or somebody without either. */
export type Caller =
  | { kind: 'nobody' }
  | { kind: 'bot'; userId: string }
  | { kind: 'user'; userId: string; scopes: string[]; expiresAt: number };

export type ApiRequest = {
  method: string;
  /** Path as asked for, decoded. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Parsed JSON or form fields; undefined without a body. */
  body: unknown;
  caller: Caller;
};

/** An id of the path. @throws ApiError when it is not a snowflake. */
export function pathId(request: ApiRequest, name: string): string {
  return checkedId(`${name}_id`, request.params[name] ?? '');
}

export function queryId(request: ApiRequest, name: string): string | undefined {
  const value = request.query.get(name);
  return value === null || value === '' ? undefined : checkedId(name, value);
}

export function queryIds(request: ApiRequest, name: string, most: number): string[] {
  return queryTexts(request, name, most).map((value) => checkedId(name, value));
}

/** A repeatable parameter. */
export function queryTexts(request: ApiRequest, name: string, most: number): string[] {
  const values = request.query.getAll(name);
  if (values.length > most) {
    throw invalidForm(name, 'BASE_TYPE_BAD_LENGTH', `Must be between 0 and ${most} in length.`);
  }
  return values;
}

export function queryInteger(
  request: ApiRequest,
  name: string,
  bounds: { least: number; most: number; otherwise: number },
): number {
  const value = request.query.get(name);
  if (value === null) return bounds.otherwise;
  if (!/^-?\d{1,15}$/.test(value)) {
    throw invalidForm(name, 'NUMBER_TYPE_COERCE', `Value "${value.slice(0, 40)}" is not int.`);
  }
  const number = Number(value);
  if (number < bounds.least) {
    throw invalidForm(
      name,
      'NUMBER_TYPE_MIN',
      `int value should be greater than or equal to ${bounds.least}.`,
    );
  }
  if (number > bounds.most) {
    throw invalidForm(name, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${bounds.most}.`);
  }
  return number;
}

export function queryBoolean(request: ApiRequest, name: string): boolean {
  const value = request.query.get(name)?.toLowerCase();
  if (value === undefined || value === 'false' || value === '0') return false;
  if (value === 'true' || value === '1') return true;
  throw invalidForm(name, 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
}

export function queryChoice<Choice extends string>(
  request: ApiRequest,
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  const value = request.query.get(name);
  if (value === null) return otherwise;
  return checkedChoice(name, value, choices);
}

export function checkedChoice<Choice extends string>(
  name: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === value);
  if (choice !== undefined) return choice;
  const known = choices.map((item) => `'${item}'`).join(', ');
  throw invalidForm(name, 'BASE_TYPE_CHOICES', `Value must be one of (${known}).`);
}

/** The body as an object. @throws ApiError when it is anything else. */
export function bodyFields(request: ApiRequest): Record<string, unknown> {
  const { body } = request;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw invalidForm('_', 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
}

function checkedId(field: string, value: string): string {
  if (isId(value)) return value;
  throw invalidForm(field, 'NUMBER_TYPE_COERCE', `Value "${value.slice(0, 40)}" is not snowflake.`);
}
