import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadInstanceKey } from '../../src/access/instance-key.ts';
import { createLogger } from '../../src/lib/log.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clipdex-key-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function load(dataDir: string, secretKey: string | null = null, former: string[] = []) {
  const log = createLogger('silent');
  const key = await loadInstanceKey({ secretKey, formerSecretKeys: former, dataDir, log });
  return key.subkeys('test').map(({ id }) => id);
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test('the key is made once, in a folder that may not be there yet, and for nobody else to read', async () => {
  const folder = join(await makeFolder(), 'data');
  const [id] = await load(folder);
  expect(await load(folder)).toEqual([id]);
  expect(await readdir(folder)).toEqual(['secret-key']);
  expect(await modeOf(join(folder, 'secret-key'))).toBe(0o600);
  expect((await readFile(join(folder, 'secret-key'), 'utf8')).trim()).toMatch(/^[\w-]{43}$/);
});

test('of many who start at once all have the same one', async () => {
  for (let round = 0; round < 20; round += 1) {
    const folder = await makeFolder();
    const found = await Promise.all(Array.from({ length: 8 }, () => load(folder)));
    expect(new Set(found.flat()).size).toBe(1);
    expect(await readdir(folder)).toEqual(['secret-key']);
  }
});

test('SECRET_KEY counts before the file, which is not made then; former keys come after it', async () => {
  const folder = await makeFolder();
  const [current, former] = ['a'.repeat(32), 'b'.repeat(32)];
  const [id] = await load(folder, current);
  const [formerId] = await load(folder, former);
  expect(await load(folder, current, [former])).toEqual([id, formerId]);
  expect(await readdir(folder)).toEqual([]);
});

test('a file that others may read is closed to them', async () => {
  const folder = await makeFolder();
  const [id] = await load(folder);
  await chmod(join(folder, 'secret-key'), 0o644);
  expect(await load(folder)).toEqual([id]);
  expect(await modeOf(join(folder, 'secret-key'))).toBe(0o600);
});

test.each<[string, (path: string) => Promise<void>]>([
  ['is empty', (path) => writeFile(path, '')],
  ['is too short', (path) => writeFile(path, `${'x'.repeat(31)}\n`)],
  ['is a folder', (path) => mkdir(path).then(() => {})],
])('a file that %s is told, with what to do, and left as it is', async (_, spoil) => {
  const folder = await makeFolder();
  const path = join(folder, 'secret-key');
  await spoil(path);
  await expect(load(folder)).rejects.toMatchObject({
    code: 'secret_key_unusable',
    message: expect.stringContaining(`The secret key in ${path}`),
  });
  expect(await readdir(folder)).toEqual(['secret-key']);
});

test('a folder that cannot be made is told, too', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'data'), 'a file in its place');
  await expect(load(join(folder, 'data'))).rejects.toMatchObject({ code: 'secret_key_unusable' });
});
