import { type Queryable, sql } from './database.ts';
import { type Sight, seesChannel } from './sight.ts';

/** The signed links of stored files: read to play them, rewritten when Discord signs them anew. */

export type StoredLink = {
  message_id: string;
  id: string;
  channel_id: string;
  url: string;
  proxy_url: string | null;
  /** A still that needs no rendering. */
  thumbnail_url: string | null;
  /** null: the link carries no signature and does not expire. */
  url_expires_at: Date | null;
  width: number | null;
  height: number | null;
  /** Uploaded to Discord, which signs its link anew when asked; other links come with their message only. */
  is_attachment: boolean;
  /** False: only a page elsewhere plays the video, and `url` is that page. */
  has_file: boolean;
  is_deleted: boolean;
};

/** SQL: whether Discord has the file of `v`, or a copy of it. */
export const hasFile = sql`(v.page_url is null or v.proxy_url is not null)`;

const storedLink = sql`
  v.message_id, v.id, v.channel_id, v.url, v.proxy_url, v.thumbnail_url, v.url_expires_at, v.width, v.height,
  v.page_url is null as is_attachment, ${hasFile} as has_file, v.deleted_at is not null as is_deleted`;

/** The file behind `/videos/{id}`; null when it is unknown or not seen. See `findVideo` for equal ids. */
export async function findLink(db: Queryable, sight: Sight, id: string): Promise<StoredLink | null> {
  const rows = await db.query<StoredLink>(sql`
    select ${storedLink}
    from videos v
    where v.id = ${id} and v.is_video and ${seesChannel(sight, sql`v.channel_id`)}
    order by v.deleted_at is not null, v.message_id
    limit 1
  `);
  return rows[0] ?? null;
}

/** All files of these messages that still exist: their links are refreshed together. */
export function listLinksOfMessages(db: Queryable, messageIds: string[]): Promise<StoredLink[]> {
  return db.query<StoredLink>(sql`
    select ${storedLink}
    from videos v
    where v.message_id = any (${messageIds}::bigint[]) and v.is_video and ${hasFile} and v.deleted_at is null
    order by v.message_id, v.id
  `);
}

export type FreshLink = {
  messageId: string;
  id: string;
  url: string;
  proxyUrl: string | null;
  expiresAt: Date | null;
};

/** The last one written wins: links of one file differ only in how long they live. */
export async function storeFreshLinks(db: Queryable, links: FreshLink[]): Promise<void> {
  await db.query(sql`
    update videos v
    set url = fresh.url, proxy_url = fresh.proxy_url, url_expires_at = fresh.expires_at
    from unnest(
      ${links.map((link) => link.messageId)}::bigint[],
      ${links.map((link) => link.id)}::text[],
      ${links.map((link) => link.url)}::text[],
      ${links.map((link) => link.proxyUrl)}::text[],
      ${links.map((link) => link.expiresAt)}::timestamptz[]
    ) as fresh (message_id, id, url, proxy_url, expires_at)
    where v.message_id = fresh.message_id
      and v.id = fresh.id
  `);
}

/** Records that a message no longer has these files. The first time stays. */
export async function recordRemovedFiles(db: Queryable, messageId: string, ids: string[]): Promise<void> {
  await db.query(sql`
    update videos
    set deleted_at = now()
    where message_id = ${messageId}::bigint and id = any (${ids}::text[]) and deleted_at is null
  `);
}
