import { plainText } from '../lib/plain-text.ts';

export type Column<Row> = { title: string; value(row: Row): string; isNumber?: true };

const GAP = '  ';

/** An aligned table with a line of titles; its cells come from Discord, so nothing in them can move the cursor. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((c) => plainText(c.value(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => widthOf(line[index] ?? ''))));
  return cells
    .map((line) => {
      const padded = line.map((cell, index) =>
        pad(cell, widths[index] ?? 0, columns[index]?.isNumber === true),
      );
      return padded.join(GAP).trimEnd();
    })
    .join('\n');
}

function pad(cell: string, width: number, isNumber: boolean): string {
  const fill = ' '.repeat(width - widthOf(cell));
  return isNumber ? fill + cell : cell + fill;
}

const graphemes = new Intl.Segmenter();

/** Columns on a terminal: emoji and East Asian wide characters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += isWide(segment) ? 2 : 1;
  return width;
}

function isWide(segment: string): boolean {
  return /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
    segment,
  );
}
