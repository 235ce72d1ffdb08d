import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import { notFound } from './problem.ts';

const MIN_GZIP_BYTES = 1_024; // smaller files fit one packet anyway
const YEAR_SECS = 31_536_000;

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

type StaticFile = {
  body: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer> | null;
  type: string;
  etag: string;
};

export type StaticFiles = ReadonlyMap<string, StaticFile>;

/** The built page, read once: it is well below a megabyte, and no path of a request ever reaches the disk. */
export function loadStaticFiles(folder: string): StaticFiles {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [`/${relative(folder, path).split(sep).join('/')}`, loadFile(path)];
    }),
  );
}

function loadFile(path: string): StaticFile {
  const body = new Uint8Array(readFileSync(path));
  const isText = /\.(html|js|css|svg|json|txt)$/.test(path);
  return {
    body,
    gzip: isText && body.length >= MIN_GZIP_BYTES ? new Uint8Array(gzipSync(body)) : null,
    type: contentTypes[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
}

/** A file of the build. Names with a hash never change their content and are kept for good. */
export function serveFile(files: StaticFiles) {
  return (c: Context): Response => {
    const file = files.get(c.req.path);
    if (file === undefined) throw notFound('There is no such page or file.');
    const isHashed = c.req.path.startsWith('/assets/');
    c.header('Cache-Control', isHashed ? `public, max-age=${YEAR_SECS}, immutable` : 'no-cache');
    return sendFile(c, file, 200);
  };
}

/** The page itself, for the addresses that its router knows; with 404 for those that nobody knows. */
export function servePage(files: StaticFiles, status: 200 | 404 = 200) {
  return (c: Context): Response => {
    const page = files.get('/index.html');
    if (page === undefined)
      throw notFound('The page has not been built. Run `npm run build`, then start again.');
    c.header('Cache-Control', 'no-cache');
    return sendFile(c, page, status);
  };
}

function sendFile(c: Context, file: StaticFile, status: 200 | 404): Response {
  c.header('ETag', file.etag);
  c.header('Vary', 'Accept-Encoding');
  if (status === 200 && c.req.header('If-None-Match') === file.etag) return c.body(null, 304);
  c.header('Content-Type', file.type);
  const isGzip = file.gzip !== null && /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
  if (!isGzip || file.gzip === null) return c.body(file.body, status);
  c.header('Content-Encoding', 'gzip');
  return c.body(file.gzip, status);
}
