import { expect, test } from 'vitest';
import { checkNode, checkPublicUrl } from './host-checks.ts';

test.each([
  ['20.18.3', 'fail'],
  ['20.19.0', 'ok'],
  ['21.7.3', 'fail'],
  ['22.11.0', 'fail'],
  ['22.12.0', 'ok'],
  ['23.11.0', 'fail'],
  ['24.0.0', 'ok'],
  ['26.1.0', 'ok'],
])('Node.js %s: %s', (version, status) => {
  expect(checkNode(version).status).toBe(status);
});

test.each([
  ['https://clips.example.org', 'ok'],
  ['http://clips.example.org', 'warn'],
  ['http://192.168.1.5:3000', 'warn'],
  ['http://localhost:3000', 'ok'],
  ['http://[::1]:3000', 'ok'],
])('PUBLIC_URL %s: %s', (publicUrl, status) => {
  expect(checkPublicUrl(publicUrl).status).toBe(status);
});
