import fc, { type Arbitrary } from 'fast-check';

/** What of JSON Schema our API's description makes use of. */
export type Schema = {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
};

const MAX_ITEMS = 5; // of a list that is made; the bounds of lists have tests of their own

/** Settings are described as any keys; these are some that are there, and some of every object. */
const keys = [
  'prefix',
  'auto_scan',
  'scan_nsfw',
  'video_formats',
  'index_first',
  '__proto__',
  'constructor',
  '',
];

/** Values that the schema allows; of what is not written in it, sometimes one that is refused all the same. */
export function valid(schema: Schema): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valid));
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -10, max: Math.min(schema.maximum ?? 1_000, 2 ** 31) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valid(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: MAX_ITEMS });
    case 'object':
      return schema.properties
        ? objectOf(schema)
        : fc.dictionary(fc.constantFrom(...keys), anything, { maxKeys: 3 });
    default:
      return anything;
  }
}

function text({ pattern, format, minLength = 0, maxLength = 30 }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (pattern?.includes('\\p')) return fc.string({ minLength, maxLength, unit: 'grapheme' });
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ minLength, maxLength });
}

function objectOf({ properties = {}, required = [] }: Schema): Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valid(field)]));
  return fc.record(fields, { requiredKeys: required as never[] });
}

/** Texts that have broken something somewhere. */
export const nastyTexts = [
  ...['', ' ', '\0', 'a\0b', '\ud800', '\u202e', '😀', 'İ', 'ﬀ', '\u2028', '\ufeff', '\r\nX-Evil: 1', '\t'],
  ...[
    "'",
    "' or true--",
    "'; drop table users; --",
    '"',
    '\\',
    '%',
    '_',
    '%_%',
    '$1',
    '$$',
    ':x',
    '/*',
    '#{x}',
    '{{x}}',
  ],
  ...['0', '-1', '1.5', '1e9', '1e999', 'NaN', 'Infinity', '0x10', '٣', '1_000', '01', '+1', ' 1', '1 '],
  ...['9223372036854775807', '9223372036854775808', '18446744073709551616', '9'.repeat(400)],
  ...['null', 'true', 'undefined', '[]', '{}', '[object Object]', '__proto__', 'constructor', 'toString'],
  ...[
    '..',
    '../..',
    '%2e%2e%2f',
    '%00',
    '%',
    '%zz',
    '%ff',
    '/etc/passwd',
    'C:\\x',
    '//x',
    'https://x',
    '*',
    '?',
    '#',
  ],
  ...[
    '<script>alert(1)</script>',
    '2026-02-30T00:00:00Z',
    '00000000-0000-0000-0000-000000000000',
    'x'.repeat(500),
  ],
];

export const nasty: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...nastyTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

export const anything: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  nasty,
  fc.constantFrom(null, true, 0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, [], {}, [[]], [null]),
);
