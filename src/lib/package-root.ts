import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds our package.json: the same from `src/` in development and from `dist/` when built. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

/** Of this program, as its package.json says. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}

function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json of clipdex not found above the running file');
  return findPackageRoot(parent);
}
