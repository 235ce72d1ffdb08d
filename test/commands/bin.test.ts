import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';

const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
  bin: { clipdex: string };
};

// As npx starts it: by the file's own name.
async function run(folder: string) {
  const child = spawn(join(folder, manifest.bin.clipdex), ['--version'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { stdout, stderr, exitCode };
}

test('what was built runs by its own name', async () => {
  expect(await run(packageRoot)).toMatchObject({ stdout: `${manifest.version}\n`, exitCode: 0 });
});

test('a clone that was not built yet says so', async ({ onTestFinished }) => {
  const clone = await mkdtemp(join(tmpdir(), 'clipdex-bin-'));
  onTestFinished(() => rm(clone, { recursive: true }));
  for (const path of ['package.json', manifest.bin.clipdex]) {
    await cp(join(packageRoot, path), join(clone, path));
  }
  const { stderr, exitCode } = await run(clone);
  expect(stderr).toContain('npm run build');
  expect(exitCode).toBe(1);
});
