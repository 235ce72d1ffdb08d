import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { variables } from '../../src/config.ts';
import { defaultSettings } from '../../src/db/settings.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

/** Variables of the documents: name → default and text, out of the tables of docs/configuration.md. */
const documented = new Map(
  [...read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$/gm)].map(
    ([, name = '', fallback = '', text = '']) => [name, { fallback, text }],
  ),
);

test('every variable is documented, and every documented variable exists', () => {
  expect([...documented.keys()].sort()).toEqual(Object.keys(variables).sort());
});

test.each(Object.entries(variables))(
  '%s is documented with its default, and marked when secret',
  (name, variable) => {
    const entry = documented.get(name);
    expect(entry?.fallback).toBe(variable.fallback === null ? 'none' : `\`${variable.fallback}\``);
    expect(entry?.text.startsWith('*Secret.*')).toBe(variable.isSecret);
  },
);

test('every setting of guilds and channels is documented with its default, and no other', () => {
  const settings = read('docs/configuration.md').matchAll(/^\| `([a-z_]+)` \| `(.+?)` \| .+ \|$/gm);
  expect(Object.fromEntries([...settings].map(([, name, fallback]) => [name, fallback]))).toEqual(
    Object.fromEntries(Object.entries(defaultSettings).map(([name, value]) => [name, String(value)])),
  );
});

test('the other documents name no variable that does not exist', () => {
  const known = new Set([...Object.keys(variables), 'CHROMIUM_PATH', 'TEST_DATABASE_URL']);
  for (const path of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']) {
    const named = [...read(path).matchAll(/\b(?:[A-Z]+_[A-Z_]+)\b(?==|`)/g)].map(([name]) => name);
    expect(named.filter((name) => !known.has(name) && !discordNames.has(name))).toEqual([]);
  }
});

/** Permissions and intents of Discord, which are written like variables. */
const discordNames = new Set(['MESSAGE_CONTENT', 'VIEW_CHANNEL', 'READ_MESSAGE_HISTORY']);

function read(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}
