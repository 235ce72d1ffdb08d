import { describe, expect, test } from 'vitest';
import { assertMayServe, isLoopback } from './may-serve.ts';

const localApi = 'http://127.0.0.1:3001/api';

describe('assertMayServe', () => {
  test.each(['127.0.0.1', 'localhost', '::1'])('allows %s with a Discord on this machine', (host) => {
    expect(() => assertMayServe({ host, apiUrl: localApi })).not.toThrow();
  });

  test.each(['0.0.0.0', '::', '192.168.1.4', 'clipdex.example'])(
    'refuses to be seen from outside: %s',
    (host) => {
      expect(() => assertMayServe({ host, apiUrl: localApi })).toThrow(
        /HOST is .* no login yet.*127\.0\.0\.1/,
      );
    },
  );

  test('refuses to show the real Discord', () => {
    const apiUrl = 'https://discord.com/api';
    expect(() => assertMayServe({ host: '127.0.0.1', apiUrl })).toThrow(/discord\.com.*ROLES/);
  });
});

test.each(['localhost.evil.example', '127.0.0.1.evil.example', '128.0.0.1', ''])(
  '%s is not of this machine',
  (name) => {
    expect(isLoopback(name)).toBe(false);
  },
);
