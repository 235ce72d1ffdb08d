import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';

const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
  bin: { clipdex: string };
};

// As npx starts it; npm makes it executable only when it links it first, not after each build.
test('what was built runs by its own name', async () => {
  const child = spawn(join(packageRoot, manifest.bin.clipdex), ['--version'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(stdout).toBe(`${manifest.version}\n`);
});
