import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareSnowflakes, isSnowflake, snowflakeTime } from './snowflake.ts';

const MAX = 2n ** 63n - 2n;
const ids = fc.bigInt({ min: 1n, max: MAX }).map(String);

describe('isSnowflake', () => {
  test.each(['1', '999', '175928847299117063', String(MAX)])('%s is one', (value) => {
    expect(isSnowflake(value)).toBe(true);
  });

  test.each([
    '',
    '0',
    '01',
    '-1',
    '+1',
    ' 1',
    '1\n',
    '1e3',
    '0x1',
    '1.0',
    '१',
    String(MAX + 1n),
    '9'.repeat(40),
  ])('%j is none', (value) => {
    expect(isSnowflake(value)).toBe(false);
  });

  test.each([1759288472, 1n, null, undefined, {}, ['1']])('a value of another type is none', (value) => {
    expect(isSnowflake(value)).toBe(false);
  });
});

describe('compareSnowflakes', () => {
  test('999 is below 1000', () => {
    expect(['1000', '999'].sort(compareSnowflakes)).toEqual(['999', '1000']);
  });

  test('orders as numbers do', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const expected = BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
        expect(Math.sign(compareSnowflakes(a, b))).toBe(expected);
      }),
    );
  });
});

describe('snowflakeTime', () => {
  test('the example of the documentation', () => {
    expect(snowflakeTime('175928847299117063')).toBe(Date.parse('2016-04-30T11:18:25.796Z'));
  });

  test('does not look at what follows the time in an id', () => {
    const times = fc.integer({ min: 1_420_070_400_001, max: 3_000_000_000_000 });
    const rests = fc.bigInt({ min: 0n, max: 2n ** 22n - 1n });
    fc.assert(
      fc.property(times, rests, (timeMs, rest) => {
        const id = ((BigInt(timeMs) - 1_420_070_400_000n) << 22n) + rest;
        expect(snowflakeTime(String(id))).toBe(timeMs);
      }),
    );
  });
});
