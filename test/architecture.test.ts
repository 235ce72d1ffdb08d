import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyse, readSource, type Source, sourceFiles } from './source-imports.ts';

/**
 * Which folder of `src/` may import which, types included. A folder always imports itself, and `lib` is open to all.
 * `root` is the files directly in `src/`: the command line, the app, the configuration.
 */
const allowed: Record<string, readonly string[] | 'everything'> = {
  root: 'everything',
  commands: 'everything',
  http: ['access', 'doctor', 'library', 'scan', 'jobs', 'db'],
  bot: ['access', 'library', 'scan', 'db'],
  scan: ['library', 'jobs', 'discord', 'db'],
  ingest: ['library', 'jobs', 'discord', 'db'],
  access: ['discord', 'db'],
  doctor: ['discord', 'db'],
  library: ['discord', 'db'],
  jobs: ['db'],
  db: [],
  discord: [],
  sandbox: [],
  lib: [],
};
/** Beyond the table: the roots that a folder may name, and the only file of the server that the web may import. */
const allowedFiles: Record<string, readonly string[]> = {
  commands: ['src/app.ts', 'src/config.ts'],
};
const webContract = 'src/http/contract.ts';
/** The product and its sandbox meet over HTTP alone: only these open it. */
const sandboxOpeners = ['src/commands/sandbox.ts', 'src/app.ts'];

const MAX_LINES = 400; // of one file; more is two subjects

const files = [...sourceFiles('src'), ...sourceFiles('web')].map(readSource);
const product = files.filter((file) => !file.path.endsWith('.test.ts'));

describe('imports', () => {
  test.each(product.map((file) => [file.path, file] as const))('%s follows the arrows', (_, file) => {
    expect(file.imports.filter((target) => !isAllowed(file.path, target))).toEqual([]);
  });

  test('no file reaches itself again', () => {
    expect(findCycle(product)).toBeNull();
  });

  test('every import of our own names a file that is there', () => {
    const known = new Set(files.map((file) => file.path));
    const missing = product.flatMap((file) =>
      file.imports
        .filter((target) => /\.tsx?$/.test(target) && !known.has(target))
        .map((to) => [file.path, to]),
    );
    expect(missing).toEqual([]);
  });

  test('the web takes only types from the server', () => {
    const values = product
      .filter((file) => file.path.startsWith('web/'))
      .flatMap((file) => file.valueImports);
    expect(values.filter((target) => target.startsWith('src/'))).toEqual([]);
  });

  test('the sandbox knows of Discord only types', () => {
    const imports = product
      .filter((file) => folderOf(file.path) === 'sandbox')
      .flatMap((file) => file.packages);
    expect(imports.filter((name) => name.startsWith('@discordjs/'))).toEqual([]);
  });
});

describe('files', () => {
  test('lie in a folder that the table knows', () => {
    const folders = new Set(
      files.filter((file) => file.path.startsWith('src/')).map((file) => folderOf(file.path)),
    );
    expect([...folders].filter((folder) => !(folder in allowed))).toEqual([]);
  });

  test('have kebab-case names that say a noun', () => {
    const vague = /(^|-)(utils?|helpers?|common|misc|manager|base)(-|$)/;
    const bad = files.filter((file) => {
      const name = basename(file.path).split('.')[0] ?? '';
      return !/^[a-z\d]+(-[a-z\d]+)*$/.test(name) || vague.test(name);
    });
    expect(bad.map((file) => file.path)).toEqual([]);
  });

  test(`have at most ${MAX_LINES} lines`, () => {
    expect(files.filter((file) => file.lines > MAX_LINES).map((file) => [file.path, file.lines])).toEqual([]);
  });
});

describe('what only one place does', () => {
  test('the environment is read by src/config.ts', () => {
    expect(filesThatUse('process.env')).toEqual(['src/config.ts']);
  });

  test('nothing ends the process: a program ends by finishing', () => {
    expect(filesThatUse('process.exit')).toEqual([]);
  });

  test('deadlines are set by src/lib/deadline.ts: a signal of AbortSignal.timeout can be lost', () => {
    expect(filesThatUse('AbortSignal.timeout')).toEqual([]);
  });

  test('SQL is written in src/db', () => {
    const elsewhere = product.filter((file) => file.path.startsWith('src/') && folderOf(file.path) !== 'db');
    expect(elsewhere.filter((file) => file.tags.has('sql')).map((file) => file.path)).toEqual([]);
    expect(
      elsewhere.filter((file) => file.packages.includes('sql-template-tag')).map((file) => file.path),
    ).toEqual([]);
  });
});

/** The rules above are only as good as what reads the imports. */
describe('reading a source', () => {
  const source = analyse(
    'src/scan/example.ts',
    `import type { A } from '../db/a.ts';
     import { b, type B } from '../lib/b.ts';
     export * from "./c.ts";
     export type { D } from './d.ts';
     const e = await import('./e.ts');
     type F = import('./f.ts').F;
     // import '../http/comment.ts'
     const text = "import '../http/text.ts'";
     import pg from 'pg';
     await query(sql\`select 1\`);
     const { env } = process;
     process['exit'](1);
     AbortSignal.timeout(1);`,
  );

  test('finds every kind of import, and nothing in comments and strings', () => {
    expect(source.imports).toEqual([
      'src/db/a.ts',
      'src/lib/b.ts',
      'src/scan/c.ts',
      'src/scan/d.ts',
      'src/scan/e.ts',
      'src/scan/f.ts',
    ]);
    expect(source.valueImports).toEqual(['src/lib/b.ts', 'src/scan/c.ts', 'src/scan/e.ts']);
    expect(source.packages).toEqual(['pg']);
  });

  test('finds what is used of globals, and tags', () => {
    expect(source.uses).toEqual(new Set(['process.env', 'process.exit', 'AbortSignal.timeout']));
    expect(source.tags).toEqual(new Set(['sql']));
  });

  test('arrows that are not in the table are refused', () => {
    expect(isAllowed('src/ingest/a.ts', 'src/scan/b.ts')).toBe(false);
    expect(isAllowed('src/http/a.ts', 'src/discord/b.ts')).toBe(false);
    expect(isAllowed('src/db/a.ts', 'src/discord/snowflake.ts')).toBe(false);
    expect(isAllowed('src/sandbox/a.ts', 'src/discord/snowflake.ts')).toBe(false);
    expect(isAllowed('src/http/a.ts', 'src/sandbox/server.ts')).toBe(false);
    expect(isAllowed('web/src/a.tsx', 'src/lib/clock.ts')).toBe(false);
    expect(isAllowed('web/src/a.tsx', webContract)).toBe(true);
    expect(isAllowed('src/scan/a.ts', 'src/db/b.ts')).toBe(true);
  });

  test('a cycle is told with its path', () => {
    const a = analyse('src/scan/a.ts', `import './b.ts';`);
    const b = analyse('src/scan/b.ts', `import type { A } from './a.ts';`);
    expect(findCycle([a, b])).toEqual(['src/scan/a.ts', 'src/scan/b.ts', 'src/scan/a.ts']);
  });
});

function isAllowed(from: string, to: string): boolean {
  if (!/\.tsx?$/.test(to) && !to.startsWith('src/')) return true; // styles and pictures of the web, package.json
  if (from.startsWith('web/')) return to.startsWith('web/') || to === webContract;
  if (!to.startsWith('src/')) return false;
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === target || allowedFiles[source]?.includes(to)) return true;
  if (target === 'sandbox') return sandboxOpeners.includes(from);
  if (target === 'root') return from === 'src/main.ts';
  if (target === 'commands') return from === 'src/main.ts';
  const targets = allowed[source] ?? [];
  return targets === 'everything' || target === 'lib' || targets.includes(target);
}

function folderOf(path: string): string {
  const parts = path.split('/');
  return parts.length === 2 ? 'root' : (parts[1] ?? '');
}

function findCycle(sources: readonly Source[]): string[] | null {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const finished = new Set<string>();
  function visit(path: string, trail: string[]): string[] | null {
    const start = trail.indexOf(path);
    if (start >= 0) return [...trail.slice(start), path];
    if (finished.has(path)) return null;
    for (const target of byPath.get(path)?.imports ?? []) {
      const cycle = visit(target, [...trail, path]);
      if (cycle) return cycle;
    }
    finished.add(path);
    return null;
  }
  for (const path of byPath.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
}

function filesThatUse(name: string): string[] {
  return product.filter((file) => file.uses.has(name)).map((file) => file.path);
}
