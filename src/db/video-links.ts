import { type Queryable, sql } from './database.ts';

/** The signed links of stored files: read to play them, rewritten when Discord signs them anew. */

export type StoredLink = {
  message_id: string;
  id: string;
  channel_id: string;
  url: string;
  proxy_url: string | null;
  /** null: the link carries no signature and does not expire. */
  url_expires_at: Date | null;
  width: number | null;
  height: number | null;
  /** Uploaded with the message or forwarded by it, so that fetching the message shows whether it still exists. */
  is_attachment: boolean;
  is_deleted: boolean;
};

/** The file behind `/videos/{id}`; null when it is unknown or may not be shown. See `findVideo` for equal ids. */
export async function findLink(db: Queryable, id: string): Promise<StoredLink | null> {
  const rows = await db.query<StoredLink>(sql`
    select
      v.message_id, v.id, v.channel_id, v.url, v.proxy_url, v.url_expires_at, v.width, v.height,
      v.source in ('attachment', 'forward') as is_attachment, v.deleted_at is not null as is_deleted
    from videos v
    join channel_rules r on r.channel_id = v.channel_id and r.is_open
    where v.id = ${id}
    order by v.deleted_at is not null, v.message_id
    limit 1
  `);
  return rows[0] ?? null;
}

/** All files of these messages that still exist: their links are refreshed together. */
export function listLinksOfMessages(db: Queryable, messageIds: string[]): Promise<StoredLink[]> {
  return db.query<StoredLink>(sql`
    select
      v.message_id, v.id, v.channel_id, v.url, v.proxy_url, v.url_expires_at, v.width, v.height,
      v.source in ('attachment', 'forward') as is_attachment, false as is_deleted
    from videos v
    where v.message_id = any (${messageIds}::bigint[]) and v.deleted_at is null
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
