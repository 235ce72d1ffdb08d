import { isDeepStrictEqual } from 'node:util';
import type { Fields } from './expected.ts';
import type { Json } from './question.ts';

/** Where `actual` has not the values of `expected`; fields that are not expected may have any. */
export function compareFields(what: string, expected: Fields, actual: Json): string[] {
  return Object.entries(expected).flatMap(([key, value]) =>
    isDeepStrictEqual(actual?.[key], value)
      ? []
      : [`${what}: ${key} is ${JSON.stringify(actual?.[key])} instead of ${JSON.stringify(value)}`],
  );
}

/** Exactly these, each once. `inOrder`: and in this order. */
export function compareIds(
  what: string,
  expected: readonly string[],
  actual: readonly string[],
  inOrder = false,
): string[] {
  const wanted = inOrder ? [...expected] : [...expected].sort();
  const found = inOrder ? [...actual] : [...actual].sort();
  if (isDeepStrictEqual(wanted, found)) return [];
  const missing = wanted.filter((id) => !found.includes(id));
  const extra = found.filter((id) => !wanted.includes(id));
  return [`${what}: lacks ${JSON.stringify(missing)}, has besides ${JSON.stringify(extra)}`];
}

/** A list of exactly these items, each told by its id. */
export function compareItems(
  what: string,
  expected: readonly Fields[],
  items: readonly Json[],
  inOrder = false,
): string[] {
  const idOf = (item: Fields) => String(item.id);
  return [
    ...compareIds(what, expected.map(idOf), items.map(idOf), inOrder),
    ...expected.flatMap((fields) => {
      const item = items.find((one) => one.id === fields.id);
      return item === undefined ? [] : compareFields(`${what} ${idOf(fields)}`, fields, item);
    }),
  ];
}
