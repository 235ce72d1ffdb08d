import { describe, expect, test } from 'vitest';
import { isLoopback } from '../lib/loopback.ts';
import { assertMayServe } from './may-serve.ts';

const sandbox = { host: '127.0.0.1', publicUrl: null, isSandbox: true, clientId: '1', clientSecret: 's' };
const discord = { ...sandbox, isSandbox: false };

describe('assertMayServe', () => {
  test.each(['127.0.0.1', 'localhost', '::1'])('allows %s', (host) => {
    expect(() => assertMayServe({ ...sandbox, host })).not.toThrow();
    expect(() => assertMayServe({ ...discord, host })).not.toThrow();
  });

  test.each(['0.0.0.0', '::', '192.168.1.4', 'clipdex.example'])(
    'lets nobody from outside into a sandbox: %s',
    (host) => {
      const outside = { ...sandbox, host, publicUrl: 'https://clipdex.example' };
      expect(() => assertMayServe(outside)).toThrow(/HOST is .* password.*127\.0\.0\.1/);
    },
  );

  test.each([{ clientId: null }, { clientSecret: null }])('needs an application: %o', (missing) => {
    expect(() => assertMayServe({ ...discord, ...missing })).toThrow(/DISCORD_CLIENT_SECRET/);
  });

  test('needs to know the address under which others come', () => {
    expect(() => assertMayServe({ ...discord, host: '0.0.0.0' })).toThrow(/PUBLIC_URL/);
    expect(() =>
      assertMayServe({ ...discord, host: '0.0.0.0', publicUrl: 'https://clipdex.example' }),
    ).not.toThrow();
  });
});

test.each(['localhost.evil.example', '127.0.0.1.evil.example', '128.0.0.1', ''])(
  '%s is not of this machine',
  (name) => {
    expect(isLoopback(name)).toBe(false);
  },
);
