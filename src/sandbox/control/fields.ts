import { isId } from '../ids.ts';

/** A control request that cannot be carried out; names the field at fault. */
export class ControlError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = 'ControlError';
    this.field = field;
  }
}

type Choice<Values extends readonly string[]> = Values[number];

/** Reads the fields of a control request; each reader throws a ControlError for what it does not accept. */
export type Fields = {
  has(name: string): boolean;
  equals(name: string, value: string): boolean;
  isNull(name: string): boolean;
  id(name: string): string;
  ids(name: string): string[];
  text(name: string): string;
  integer(name: string, least: number, most: number): number;
  boolean(name: string): boolean;
  choice<const Values extends readonly string[]>(name: string, values: Values): Choice<Values>;
  /** A list of objects. */
  objects(name: string): Record<string, unknown>[];
  texts(name: string): Record<string, string>;
  /** A text as it is, any other value as JSON. */
  bodyText(name: string): string;
  /** The reader's value when the field is there. */
  optional<Value>(name: string, read: (name: string) => Value): Value | undefined;
};

export function readFields(body: Record<string, unknown>): Fields {
  const fail = (name: string, expected: string): never => {
    const given = body[name] === undefined ? 'is missing' : `is ${JSON.stringify(body[name]).slice(0, 60)}`;
    throw new ControlError(name, `${name} ${given}: ${expected} is expected`);
  };
  const idIn = (name: string, value: unknown): string =>
    typeof value === 'string' && isId(value) ? value : fail(name, 'an id as a string');

  const fields: Fields = {
    has: (name) => body[name] !== undefined,
    equals: (name, value) => body[name] === value,
    isNull: (name) => body[name] === null,
    id: (name) => idIn(name, body[name]),
    ids(name) {
      const value = body[name];
      return Array.isArray(value) ? value.map((id: unknown) => idIn(name, id)) : fail(name, 'a list of ids');
    },
    text(name) {
      const value = body[name];
      return typeof value === 'string' ? value : fail(name, 'a text');
    },
    integer(name, least, most) {
      const value = body[name];
      const isFitting =
        typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
      return isFitting ? value : fail(name, `a whole number from ${least} to ${most}`);
    },
    boolean(name) {
      const value = body[name];
      return typeof value === 'boolean' ? value : fail(name, 'true or false');
    },
    choice(name, values) {
      return values.find((value) => value === body[name]) ?? fail(name, `one of ${values.join(', ')}`);
    },
    objects(name) {
      const value = body[name];
      if (!Array.isArray(value)) return fail(name, 'a list of objects');
      return value.map((item: unknown) =>
        typeof item === 'object' && item !== null ? { ...item } : fail(name, 'a list of objects'),
      );
    },
    texts(name) {
      const value = body[name];
      if (typeof value !== 'object' || value === null) return fail(name, 'an object of texts');
      return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
    },
    bodyText(name) {
      const value = body[name];
      return typeof value === 'string' ? value : JSON.stringify(value);
    },
    optional: (name, read) => (body[name] === undefined ? undefined : read(name)),
  };
  return fields;
}
