import { type Sql, sql } from './database.ts';
import { defaultSettings, MAX_VIDEO_FORMATS } from './settings.ts';

/**
 * Which stored files count as videos, decided by the statement that writes them: from the settings that this statement
 * sees. So one that began before a change of settings can be told from one that began after it, and waited for.
 */

/** SQL for the formats that count under `settings` (`own_settings` of channel_rules), as `effectiveSettings` reads them. */
export function countedFormats(settings: Sql): Sql {
  return sql`(
    select case
        when count(*) between 1 and ${MAX_VIDEO_FORMATS}::integer
          and bool_and(jsonb_typeof(named.item) = 'string' and named.format ~ '^[a-z0-9]{1,10}$')
        then array_agg(named.format)
        else ${defaultSettings.video_formats}::text[]
      end
    from (
      select item, regexp_replace(lower(regexp_replace(item #>> '{}', '^\\s+|\\s+$', '', 'g')), '^\\.', '') as format
      from jsonb_array_elements(
        case jsonb_typeof(${settings} -> 'video_formats')
          when 'array' then ${settings} -> 'video_formats' else '[]' end
      ) as item
    ) named
  )`;
}

/** SQL: whether a file that can count by `formats` does so when those of `counted` count. */
export function countsAsVideo(formats: Sql, counted: Sql): Sql {
  return sql`(cardinality(${formats}) = 0 or ${formats} && ${counted})`;
}

/** SQL: the format by which it counts; where it does not, the best that it has. */
export function countedExtension(formats: Sql, counted: Sql): Sql {
  return sql`coalesce(
    (select f.format from unnest(${formats}) with ordinality as f (format, place)
      where f.format = any(${counted}) order by f.place limit 1),
    (${formats})[1])`;
}
