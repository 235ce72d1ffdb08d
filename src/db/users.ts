import { type Queryable, sql } from './database.ts';
import { storedText } from './stored-text.ts';

/** Someone who has logged in, or who owns a guild that we know (then all but the ids may be null). */
export type User = {
  /** Our own number; everything else refers to the user by `discordUserId`. */
  id: number;
  discordUserId: string;
  username: string | null;
  globalName: string | null;
  avatar: string | null;
  lastLoginAt: Date | null;
};

export type UserProfile = {
  discordUserId: string;
  username: string;
  globalName: string | null;
  avatar: string | null;
};

const userColumns = sql`
  id, discord_user_id as "discordUserId", username, global_name as "globalName", avatar,
  last_login_at as "lastLoginAt"`;

/**
 * Takes the profile over from a login that happens now.
 * NOTE: `insert … on conflict` draws a number from the serial even when the row exists, and 2^31 of them would be
 * used up by returning visitors; so the row is looked for first, and the conflict is only for two first logins at once.
 */
export async function upsertUserFromLogin(db: Queryable, profile: UserProfile): Promise<User> {
  const { discordUserId, avatar } = profile;
  const username = storedText(profile.username);
  const globalName = storedText(profile.globalName);
  const rows = await db.query<User>(sql`
    with known as (
      update users
      set username = ${username}, global_name = ${globalName}, avatar = ${avatar}, last_login_at = now()
      where discord_user_id = ${discordUserId}
      returning ${userColumns}
    ),
    created as (
      insert into users (discord_user_id, username, global_name, avatar, last_login_at)
      select ${discordUserId}, ${username}, ${globalName}, ${avatar}, now()
      where not exists (select from known)
      on conflict (discord_user_id) do update set
        username = excluded.username,
        global_name = excluded.global_name,
        avatar = excluded.avatar,
        last_login_at = excluded.last_login_at
      returning ${userColumns}
    )
    select * from known
    union all
    select * from created`);
  const [user] = rows;
  if (!user) throw new Error(`login of user ${discordUserId} was not stored`);
  return user;
}

/** Makes sure that a row exists which others may refer to; says nothing about who the user is. */
export async function ensureUser(db: Queryable, discordUserId: string): Promise<void> {
  await db.query(sql`
    insert into users (discord_user_id)
    select ${discordUserId}
    where not exists (select from users where discord_user_id = ${discordUserId})
    on conflict (discord_user_id) do nothing`);
}

export async function getUser(db: Queryable, discordUserId: string): Promise<User | null> {
  const rows = await db.query<User>(sql`
    select ${userColumns} from users where discord_user_id = ${discordUserId}`);
  return rows[0] ?? null;
}

/** Guilds of the user stay, without an owner; install intents go. False when there was no such user. */
export async function deleteUser(db: Queryable, discordUserId: string): Promise<boolean> {
  const rows = await db.query(sql`
    delete from users where discord_user_id = ${discordUserId} returning id`);
  return rows.length > 0;
}
