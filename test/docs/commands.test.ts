import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/commands/program.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
const rows = new Map(
  [...readme.matchAll(/^\| `clipdex ([a-z]+(?: [a-z]+)*)(.*?)` \|/gm)].map(([, name = '', usage = '']) => [
    name,
    usage,
  ]),
);
const commands = namedCommands(
  createProgram(false, { run: async () => {}, runUnconfigured: async () => {} }),
);

/** With those that stand below another one: `runs cancel`. */
function namedCommands(parent: Command, path: readonly string[] = []): [string, Command][] {
  return parent.commands.flatMap((command) => {
    const names = [...path, command.name()];
    return [[names.join(' '), command], ...namedCommands(command, names)];
  });
}

test('the README lists every command, and no other', () => {
  expect([...rows.keys()].sort()).toEqual(commands.map(([name]) => name).sort());
});

describe.each(commands)('%s', (name, command) => {
  test('is listed with its options, and no other', () => {
    const listed = [...(rows.get(name) ?? '').matchAll(/--[a-z-]+/g)].map(([option]) => option);
    expect(listed.sort()).toEqual(command.options.map((option) => option.long).sort());
  });

  test('says what it does, and so do its options', () => {
    expect(command.description()).not.toBe('');
    expect(command.options.filter((option) => !option.description)).toEqual([]);
  });
});

test('every document that is linked is there', () => {
  const targets = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(3);
  for (const target of targets.filter((path) => !path.endsWith('.png'))) {
    expect(() => readFileSync(join(packageRoot, target)), target).not.toThrow();
  }
});
