import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countedExtension, countedFormats, countsAsVideo } from '../../src/db/counted-formats.ts';
import { raw, sql } from '../../src/db/database.ts';
import { effectiveSettings } from '../../src/db/settings.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** The formats that SQL counts under each of these settings. */
async function countedInSql(layers: readonly object[]): Promise<string[][]> {
  const rows = await database.db.query<{ formats: string[] }>(sql`
    select ${countedFormats(sql`one.settings`)} as formats
    from jsonb_array_elements(${JSON.stringify(layers)}::jsonb) with ordinality as one (settings, place)
    order by one.place`);
  return rows.map((row) => row.formats);
}

test('SQL reads the setting as the program does, whatever another program has stored', async () => {
  const format = fc.constantFrom(
    'mp4',
    'WEBM',
    '.mov',
    ' .Avi ',
    '\tmkv\n',
    'x'.repeat(11),
    '',
    '..a',
    'm p',
    'é',
    '$',
    'mp4',
  );
  const stored = fc.oneof(
    fc.array(format, { maxLength: 60 }),
    fc.constantFrom(null, 'mp4', 7, {}, [], ['mp4', 5], ['mp4', null], [['mp4']], [{}], true),
  );
  const settings = fc.sample(fc.record({ video_formats: stored }, { requiredKeys: [] }), 500);
  const expected = settings.map((layer) => new Set(effectiveSettings(layer).video_formats));
  expect((await countedInSql(settings)).map((formats) => new Set(formats))).toEqual(expected);
});

test.each([
  ["'{mp4}'", true, 'mp4'],
  ["'{bin,webm}'", true, 'webm'],
  ["'{webm,mp4}'", true, 'webm'],
  ["'{mkv}'", false, 'mkv'],
  ["'{}'", true, null],
])('a file of %s counts among mp4 and webm: %s, as %s', async (formats, counts, extension) => {
  const [row] = await database.db.query(sql`
    select ${countsAsVideo(sql`f.formats`, sql`'{mp4,webm}'::text[]`)} as counts,
      ${countedExtension(sql`f.formats`, sql`'{mp4,webm}'::text[]`)} as extension
    from (select ${raw(formats)}::text[] as formats) f`);
  expect(row).toEqual({ counts, extension });
});
