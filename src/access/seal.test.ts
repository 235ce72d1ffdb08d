import { expect, test } from 'vitest';
import { InstanceKey } from './instance-key.ts';
import { Sealer } from './seal.ts';

const [former, current] = ['a former key of 32 characters, ok', 'the key of today, 32 characters..'];
const sealer = new Sealer(new InstanceKey(current).subkeys('test'));
const CONTEXT = 'grant 7';
const NOW = 1_700_000_000_000;

test('what is sealed opens again, and is never the same twice', () => {
  const one = sealer.seal('a token', CONTEXT);
  const other = sealer.seal('a token', CONTEXT);
  expect(sealer.open(one.keyId, one.bytes, CONTEXT)).toBe('a token');
  expect(sealer.open(one.keyId, sealer.seal('', CONTEXT).bytes, CONTEXT)).toBe('');
  expect(one.bytes.equals(other.bytes)).toBe(false);
  expect(one.bytes.includes('a token')).toBe(false);
  expect(one.keyId).toMatch(/^[0-9a-f]{16}$/);
});

test('it opens in its own context alone', () => {
  const { keyId, bytes } = sealer.seal('a token', CONTEXT);
  expect(sealer.open(keyId, bytes, 'grant 8')).toBeNull();
  const text = sealer.sealText('a token', CONTEXT, NOW + 1);
  expect(sealer.openText(text, 'login', NOW)).toBeNull();
  // What was stored is no text for a browser, and the other way round.
  const stored = Buffer.concat([Buffer.from(keyId, 'hex'), bytes]).toString('base64url');
  expect(sealer.openText(stored, CONTEXT, NOW)).toBeNull();
});

test('a change of any byte is seen', () => {
  const { keyId, bytes } = sealer.seal('a token', CONTEXT);
  for (const [index, byte] of bytes.entries()) {
    const changed = Buffer.from(bytes);
    changed[index] = byte ^ 1;
    expect(sealer.open(keyId, changed, CONTEXT)).toBeNull();
  }
  const text = Buffer.from(sealer.sealText('a token', CONTEXT, NOW + 1), 'base64url');
  for (const [index, byte] of text.entries()) {
    const changed = Buffer.from(text);
    changed[index] = byte ^ 1;
    expect(sealer.openText(changed.toString('base64url'), CONTEXT, NOW)).toBeNull();
  }
});

test('neither does less or more of it, nor nonsense, open', () => {
  const { keyId, bytes } = sealer.seal('a token', CONTEXT);
  const text = sealer.sealText('a token', CONTEXT, NOW + 1);
  for (const length of [0, 1, 12, 27, 28, bytes.length - 1]) {
    expect(sealer.open(keyId, bytes.subarray(0, length), CONTEXT)).toBeNull();
  }
  for (const wrong of ['', 'x', text.slice(0, 20), `${text}AAAA`, '%%%', 'A'.repeat(100_000)]) {
    expect(sealer.openText(wrong, CONTEXT, NOW)).toBeNull();
  }
  expect(sealer.open('nobody', bytes, CONTEXT)).toBeNull();
});

test('a text ends with its time', () => {
  const text = sealer.sealText('a token', CONTEXT, NOW);
  expect(sealer.openText(text, CONTEXT, NOW - 1)).toBe('a token');
  expect(sealer.openText(text, CONTEXT, NOW)).toBeNull();
});

test('after a change of the key the former one opens, and the new one seals', () => {
  const before = new Sealer(new InstanceKey(former).subkeys('test'));
  const after = new Sealer(new InstanceKey(current, [former]).subkeys('test'));
  const { keyId, bytes } = before.seal('a token', CONTEXT);
  const text = before.sealText('a token', CONTEXT, NOW + 1);
  expect(after.open(keyId, bytes, CONTEXT)).toBe('a token');
  expect(after.openText(text, CONTEXT, NOW)).toBe('a token');
  expect(after.keyId).toBe(sealer.keyId);
  expect(sealer.open(keyId, bytes, CONTEXT)).toBeNull();
  expect(sealer.openText(text, CONTEXT, NOW)).toBeNull();
});

test('keys for two purposes have nothing to do with each other', () => {
  const key = new InstanceKey(current);
  const [one] = key.subkeys('one');
  const [two] = key.subkeys('two');
  expect(one.id).not.toBe(two.id);
  expect(one.key.equals(two.key)).toBe(false);
  expect(one.key).toHaveLength(32);
  const { keyId, bytes } = new Sealer([one]).seal('a token', CONTEXT);
  expect(new Sealer([two]).open(keyId, bytes, CONTEXT)).toBeNull();
});
