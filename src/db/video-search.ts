import { join, type Sql, sql } from './database.ts';

/** SQL: that the title, file name and caption of `v` hold all words between them, whatever their case. */
export function hasWords(words: readonly string[]): Sql {
  return sql`(${join(
    words.map((word) => sql`${videoText} ilike ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`),
    ' and ',
  )})`;
}

/** As `idx_videos_text` has it, to the letter. Words hold no spaces, so none is found across two of the three. */
const videoText = sql`(coalesce(v.title, '') || ' ' || v.filename || ' ' || coalesce(v.caption, ''))`;
