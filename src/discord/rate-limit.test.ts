import { expect, test } from 'vitest';
import { readPromise, readRefusal } from './rate-limit.ts';

test('a refusal with headers and body: the longest wait counts', () => {
  const headers = {
    'retry-after': '5',
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset-after': '4.2',
    'x-ratelimit-scope': 'user',
  };
  expect(readRefusal(headers, { message: 'slow down', retry_after: 4.212, global: false })).toEqual({
    limit: 5,
    remaining: 0,
    resetAfterMs: 4200,
    retryAfterMs: 5000,
    isGlobal: false,
    isShared: false,
  });
});

test.each([
  [{ 'x-ratelimit-global': 'true' }, { retry_after: 1 }],
  [{ 'x-ratelimit-scope': 'global' }, { retry_after: 1 }],
  [{}, { retry_after: 1, global: true }],
  [{}, undefined],
  [{ 'retry-after': '30' }, undefined],
])('global: %j %j', (headers, body) => {
  expect(readRefusal(headers, body).isGlobal).toBe(true);
});

test('JSON without headers concerns its own route', () => {
  expect(readRefusal({}, { retry_after: 0.25 })).toMatchObject({ retryAfterMs: 250, isGlobal: false });
});

test('shared is told apart', () => {
  expect(readRefusal({ 'x-ratelimit-scope': 'shared', 'retry-after': '1' }, {}).isShared).toBe(true);
});

test.each(['', 'soon', '-1', 'NaN', 'Infinity', 'Wed, 21 Oct 2026 07:28:00 GMT', ['1', '2'], undefined])(
  'a wait of %j says nothing',
  (value) => {
    expect(readRefusal({ 'retry-after': value }, { retry_after: null }).retryAfterMs).toBeNull();
    expect(readPromise({ 'x-ratelimit-reset-after': value }).resetAfterMs).toBeNull();
  },
);

test.each(['1e300', '86401'])('a wait of %s seconds is a day', (value) => {
  expect(readRefusal({ 'retry-after': value }, {}).retryAfterMs).toBe(86_400_000);
  expect(readRefusal({}, { retry_after: Number(value) }).retryAfterMs).toBe(86_400_000);
});
