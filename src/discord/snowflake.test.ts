import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareSnowflakes, isSnowflake, snowflakeAt, snowflakeTime, toSnowflake } from './snowflake.ts';

const MAX = 2n ** 63n - 2n;
const ids = fc.bigInt({ min: 1n, max: MAX }).map(toSnowflake);

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
    expect(() => toSnowflake(value)).toThrow(RangeError);
  });

  test.each([1759288472, 1n, null, undefined, {}, ['1']])('a value of another type is none', (value) => {
    expect(isSnowflake(value)).toBe(false);
  });

  test('a hostile value does not fill the error', () => {
    expect(() => toSnowflake('x'.repeat(10_000))).toThrow(/^not a Discord id: "x{40}"$/);
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

describe('time', () => {
  test('the example of the documentation', () => {
    expect(snowflakeTime('175928847299117063')).toBe(Date.parse('2016-04-30T11:18:25.796Z'));
  });

  test('snowflakeAt is the lowest id of its millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_420_070_400_001, max: 3_000_000_000_000 }), (timeMs) => {
        const id = BigInt(snowflakeAt(timeMs));
        expect(snowflakeTime(String(id))).toBe(timeMs);
        expect(snowflakeTime(String(id - 1n))).toBe(timeMs - 1);
      }),
    );
  });

  test('a time outside of what ids can say is the nearest id', () => {
    expect(snowflakeAt(0)).toBe('1');
    expect(snowflakeAt(Date.parse('2015-01-01T00:00:00Z'))).toBe('1');
    expect(snowflakeAt(Date.parse('9999-01-01T00:00:00Z'))).toBe(String(MAX));
  });
});
