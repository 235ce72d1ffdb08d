import { type Queryable, sql } from './database.ts';

/**
 * Deletes up to `limit` authors of whom no video is left; answers how many. Whoever posts one meanwhile makes it fail, as
 * the video refers to them: it is then to be done again.
 */
export async function deleteUnusedAuthors(db: Queryable, limit: number): Promise<number> {
  const rows = await db.query(sql`
    delete from authors
    where id in (
      select author.id from authors author
      where not exists (select from videos where videos.author_id = author.id)
      order by author.id -- one order of locks for all writers
      limit ${limit}
      for update skip locked
    )
    returning id`);
  return rows.length;
}
