import { type Queryable, sql } from './database.ts';

/** What a viewer chose for all their sessions. */
export type ViewerSettings = { showsAgeRestricted: boolean };

export async function getViewerSettings(db: Queryable, userId: string): Promise<ViewerSettings> {
  const rows = await db.query<ViewerSettings>(sql`
    select shows_age_restricted as "showsAgeRestricted" from viewers where user_id = ${userId}`);
  return rows[0] ?? { showsAgeRestricted: false };
}

export async function setShowsAgeRestricted(db: Queryable, userId: string, isShown: boolean): Promise<void> {
  await db.query(sql`
    insert into viewers (user_id, shows_age_restricted) values (${userId}, ${isShown})
    on conflict (user_id) do update set shows_age_restricted = excluded.shows_age_restricted`);
}
