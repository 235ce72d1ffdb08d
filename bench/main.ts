import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatTable } from '../src/commands/table.ts';
import { packageRoot } from '../src/lib/package-root.ts';

/** One measured figure and what it must reach. `baseline` is what was measured before, or what is common elsewhere. */
export type Figure = {
  name: string;
  value: number;
  unit: string;
  baseline: number | null;
  /** Null: told beside the others, nothing depends on it. */
  goal: number | null;
  /** Whether `value` reaches `goal`; the bench knows whether more or less is better. */
  holds: boolean;
};

/** What a file of this folder exports as `bench`; `parts`: what was named behind it, of benches that have parts. */
export type Bench = (parts: readonly string[]) => Promise<Figure[]>;

const folder = join(packageRoot, 'bench');

process.exitCode = await main(process.argv[2], process.argv.slice(3));

async function main(name: string | undefined, parts: readonly string[]): Promise<number> {
  const names = listBenches();
  if (name === undefined) {
    print(['Benches (npm run bench -- <name> [part …]):', ...names.map((known) => `  ${known}`)].join('\n'));
    return 0;
  }
  if (!names.includes(name)) {
    process.stderr.write(`There is no bench "${name}". There are: ${names.join(', ') || 'none'}.\n`);
    return 2;
  }
  const { bench } = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as { bench: Bench };
  const figures = await bench(parts);
  print(tableOf(figures));
  for (const figure of figures) print(JSON.stringify(figure));
  return figures.every((figure) => figure.holds) ? 0 : 1;
}

function listBenches(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'main.ts')
    .map((file) => basename(file, '.ts'))
    .sort();
}

function tableOf(figures: readonly Figure[]): string {
  const number = (value: number | null) => (value === null ? '–' : value.toLocaleString('en'));
  return formatTable(
    [
      { title: 'figure', value: (figure: Figure) => figure.name },
      { title: 'value', value: (figure) => number(figure.value), isNumber: true },
      { title: 'unit', value: (figure) => figure.unit },
      { title: 'baseline', value: (figure) => number(figure.baseline), isNumber: true },
      { title: 'goal', value: (figure) => number(figure.goal), isNumber: true },
      { title: 'holds', value: (figure) => holdsText(figure) },
    ],
    figures,
  );
}

function holdsText({ goal, holds }: Figure): string {
  if (goal === null) return '–';
  return holds ? 'yes' : 'NO';
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
