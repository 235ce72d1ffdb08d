import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { type ESTree, parseSync } from 'vite';
import { packageRoot } from '../src/lib/package-root.ts';

/** What the architecture test needs to know of one file, read from its syntax tree. */
export type Source = {
  path: string;
  lines: number;
  /** Files of our own, as paths from the package's root, in the order of the text. */
  imports: string[];
  valueImports: string[];
  /** Everything imported that is not ours. */
  packages: string[];
  /** `process.env`, `process.exit`, `AbortSignal.timeout` where the text uses them. */
  uses: Set<string>;
  /** Names of template tags. */
  tags: Set<string>;
};

const importTypes = [
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
];

export function sourceFiles(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => ['.ts', '.tsx'].includes(extname(path)))
    .map((path) => join(folder, path))
    .sort();
}

export function readSource(path: string): Source {
  return analyse(path, readFileSync(join(packageRoot, path), 'utf8'));
}

/** @throws when the text is no TypeScript. */
export function analyse(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const source: Source = {
    path,
    lines: text.split('\n').length - 1,
    imports: [],
    valueImports: [],
    packages: [],
    uses: new Set(),
    tags: new Set(),
  };
  walk(program, (node) => note(source, node));
  return source;
}

type Node = { type: string } & Record<string, unknown>;

function note(source: Source, node: Node): void {
  const request = requestOf(node);
  if (request !== undefined) {
    const target = resolveImport(source.path, request);
    if (target === null) source.packages.push(request);
    else source.imports.push(target);
    if (target !== null && !isTypeOnly(node)) source.valueImports.push(target);
  }
  for (const use of usesOfGlobals(node)) source.uses.add(use);
  if (node.type === 'TaggedTemplateExpression')
    source.tags.add((node.tag as Partial<ESTree.IdentifierName>).name ?? '');
}

/** What the node imports; an import whose name is computed cannot be judged, so it counts as forbidden. */
function requestOf(node: Node): string | undefined {
  const from = node.source as { value?: unknown } | null | undefined;
  if (!importTypes.includes(node.type) || !from) return undefined;
  return typeof from.value === 'string' ? from.value : '#src/computed';
}

function isTypeOnly(node: Node): boolean {
  return node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType';
}

/** Globals of which it matters what is used. */
const watchedGlobals = ['process', 'AbortSignal'];

function usesOfGlobals(node: Node): string[] {
  const nameOf = (value: unknown) => (value as Partial<ESTree.IdentifierName> | null)?.name ?? '';
  const isMember = node.type === 'MemberExpression';
  const owner = nameOf(isMember ? node.object : node.type === 'VariableDeclarator' ? node.init : null);
  if (!watchedGlobals.includes(owner)) return [];
  if (isMember) return [`${owner}.${keyOf(node.property)}`];
  const pattern = node.id as { properties?: { key?: unknown }[] };
  return (pattern.properties ?? []).map((property) => `${owner}.${keyOf(property.key)}`);
}

function keyOf(node: unknown): string {
  const { name, value } = node as { name?: string; value?: unknown };
  return name ?? String(value);
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === 'object' && value !== null) {
    if ('type' in value) visit(value as Node);
    for (const child of Object.values(value)) walk(child, visit);
  }
}

/** A path from the package's root, or null for a package. */
function resolveImport(from: string, request: string): string | null {
  if (request.startsWith('#src/')) return request.slice(1);
  if (!request.startsWith('.')) return null;
  return relative(packageRoot, resolve(packageRoot, dirname(from), request));
}
