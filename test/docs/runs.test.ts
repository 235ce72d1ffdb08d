import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scanRunReasons } from '../../src/db/scan-run-reasons.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

test('docs/runs.md explains every reason of a run, and no other', () => {
  const text = readFileSync(join(packageRoot, 'docs/runs.md'), 'utf8');
  const [, section = ''] = text.split(/^## Why a run ended, or waits$/m);
  const [table = ''] = section.split(/^## /m);
  const explained = [...table.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, reason]) => reason);
  expect(explained.sort()).toEqual(Object.keys(scanRunReasons).sort());
});
