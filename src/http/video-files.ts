import type { Context } from 'hono';
import { findLink, type StoredLink } from '../db/video-links.ts';
import type { LinkState } from '../library/fresh-links.ts';
import { LINK_MARGIN_MS } from '../library/signed-link.ts';
import { readPath, readQuery, retry, videoId } from './parameters.ts';
import { posterUrl } from './poster-url.ts';
import { notFound, ProblemError } from './problem.ts';
import type { Services } from './services.ts';
import { deletedVideo, unknownVideo } from './videos.ts';

const MAX_REDIRECT_AGE_SECS = 3_600; // a deleted video stops playing within the hour in every browser

/** Sends the player to the file on Discord's CDN. `retry`: the last link did not play. */
export function streamVideo(services: Services) {
  return async (c: Context) => {
    const query = readQuery(c, { retry: retry.optional() });
    const { link } = await findPlayable(c, services, query.retry !== undefined);
    return redirect(c, services, link.url, link.expiresAt);
  };
}

/** Sends the page to a still of the video, which Discord's media proxy makes. */
export function showPoster(services: Services) {
  return async (c: Context) => {
    readQuery(c, {});
    const { file, link } = await findPlayable(c, services, false);
    if (link.proxyUrl === null) throw notFound('This video has no still.');
    return redirect(c, services, posterUrl(link.proxyUrl, file.width, file.height), link.expiresAt);
  };
}

type ReadyLink = Extract<LinkState, { state: 'ready' }>;

async function findPlayable(
  c: Context,
  { db, links }: Services,
  isDoubted: boolean,
): Promise<{ file: StoredLink; link: ReadyLink }> {
  const { id } = readPath(c, { id: videoId });
  const file = await findLink(db, id);
  if (file === null) throw unknownVideo(id);
  const link = await links.linkOf(file, isDoubted);
  if (link.state === 'ready') return { file, link };
  throw linkProblem(link);
}

function linkProblem(link: Exclude<LinkState, ReadyLink>): ProblemError {
  switch (link.state) {
    case 'deleted':
      return deletedVideo();
    case 'no_access':
      return new ProblemError({
        status: 403,
        code: 'no_access',
        title: 'Clipdex may no longer read this channel',
        detail: 'Discord refuses the message. Give the bot View Channel and Read Message History there.',
      });
    case 'unavailable':
      return new ProblemError({
        status: 503,
        code: 'discord_unavailable',
        title: 'Discord does not answer',
        detail: 'The link of this video has expired and Discord gives no new one now. Try again in a moment.',
        retryAfterMs: link.retryAfterMs,
      });
  }
}

/** Only to the CDN's own origins: links come from messages, and anything else would be an open redirect. */
function redirect(
  c: Context,
  { clock, cdnOrigins }: Services,
  url: string,
  expiresAt: Date | null,
): Response {
  if (!cdnOrigins.includes(new URL(url).origin)) throw notFound('This video is not stored by Discord.');
  c.header('Cache-Control', `private, max-age=${maxAgeSecs(expiresAt, clock.now())}`);
  return c.redirect(url, 302);
}

function maxAgeSecs(expiresAt: Date | null, now: number): number {
  if (expiresAt === null) return MAX_REDIRECT_AGE_SECS;
  const remainingSecs = Math.floor((expiresAt.getTime() - now - LINK_MARGIN_MS) / 1000);
  return Math.min(MAX_REDIRECT_AGE_SECS, Math.max(0, remainingSecs));
}
