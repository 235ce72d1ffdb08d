import type { Page } from './contract.ts';

export type PageParts<Row, Item> = {
  limit: number;
  toItem: (row: Row) => Item;
  /** The cursor of the page that begins behind a row. */
  cursorOf: (row: Row) => string;
};

/** A page of rows of which one more than `limit` was asked for: that one tells whether a further page exists. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  { limit, toItem, cursorOf }: PageParts<Row, Item>,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), next: rows.length > limit && last ? cursorOf(last) : null };
}
