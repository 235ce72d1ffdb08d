import { z } from 'zod';

/*
 * What the web app and scripts receive, as schemas: their types are inferred, answers are checked against them in tests,
 * and they are described at /api/openapi.json. Ids are Discord's snowflakes as strings; times are ISO 8601 in UTC; counters
 * are decimal strings where they may exceed 2^53 and numbers where they cannot.
 */

export const id = z
  .string()
  .regex(/^[1-9]\d{0,18}$/)
  .meta({ description: "An id of Discord's (snowflake)." });
export const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC.' });
export const bigCount = z.string().regex(/^\d+$/).meta({ description: 'A counter that may exceed 2^53.' });
export const count = z.int().nonnegative();

/** Counting stops at a bound, so that a page costs the same in a library of any size; `isCapped`: so many or more. */
export const boundedCount = z
  .object({ value: count, isCapped: z.boolean() })
  .meta({ id: 'Count', description: 'isCapped: so many or more; counting stops at a bound.' });
export type Count = z.infer<typeof boundedCount>;

/** A page of a list. `next` is the cursor for the following page, null at the end. */
export type Page<Item> = { items: Item[]; next: string | null };

export function pageOf<Item extends z.ZodType>(name: string, item: Item) {
  return z
    .object({ items: z.array(item), next: z.string().nullable() })
    .meta({ id: name, description: 'next: the cursor of the following page, null at the end.' });
}

/** RFC 9457; `code` is stable, `requestId` is in the log. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; what a program decides by.' }),
    detail: z.string(),
    requestId: z.string().meta({ description: 'As in the header X-Request-Id and in the log.' }),
    parameters: z
      .array(z.object({ name: z.string(), allowed: z.string() }))
      .optional()
      .meta({ description: 'Of parameter_invalid: which, and what is allowed.' }),
  })
  .meta({ id: 'Problem', description: 'Why a request was not answered as asked (RFC 9457).' });
export type Problem = z.infer<typeof problem>;
