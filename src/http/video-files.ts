import type { Context } from 'hono';
import type { Sight } from '../db/sight.ts';
import { findLink, type StoredLink } from '../db/video-links.ts';
import type { LinkState } from '../library/fresh-links.ts';
import { LINK_MARGIN_MS } from '../library/signed-link.ts';
import { action } from './door.ts';
import { retry, videoId } from './parameters.ts';
import { posterUrl } from './poster-url.ts';
import { notFound, ProblemError } from './problem.ts';
import type { Services } from './services.ts';
import { deletedVideo, unknownVideo } from './videos.ts';

const MAX_REDIRECT_AGE_SECS = 3_600; // a deleted video stops playing within the hour in every browser

export const streamVideo = action({
  summary: "Leads to the file on Discord's CDN. `retry`: the last link did not play",
  path: { id: videoId },
  query: { retry: retry.optional() },
  answer: null,
  status: 302,
  async handle(services, { path, query, sight, context }) {
    const file = await findFile(services, await sight(), path.id);
    if (!file.has_file) throw notFound('Only the page that this video was linked from plays it.');
    const link = await findPlayable(services, file, query.retry !== undefined);
    return redirect(context, services, link.url, link.expiresAt);
  },
});

export const showPoster = action({
  summary: "Leads to a still of the video, which Discord's media proxy makes",
  path: { id: videoId },
  answer: null,
  status: 302,
  async handle(services, { path, sight, context }) {
    const file = await findFile(services, await sight(), path.id);
    if (file.is_deleted) throw deletedVideo();
    // Stills of what lies elsewhere are Discord's copies: they are not signed and do not end.
    if (file.thumbnail_url !== null) return redirect(context, services, file.thumbnail_url, null);
    if (file.proxy_url === null) throw notFound('This video has no still.');
    const link = await findPlayable(services, file, false);
    if (link.proxyUrl === null) throw notFound('This video has no still.');
    return redirect(context, services, posterUrl(link.proxyUrl, file.width, file.height), link.expiresAt);
  },
});

type ReadyLink = Extract<LinkState, { state: 'ready' }>;

async function findFile({ db }: Services, sight: Sight, id: string): Promise<StoredLink> {
  const file = await findLink(db, sight, id);
  if (file === null) throw unknownVideo(id);
  return file;
}

async function findPlayable({ links }: Services, file: StoredLink, isDoubted: boolean): Promise<ReadyLink> {
  const link = await links.linkOf(file, isDoubted);
  if (link.state === 'ready') return link;
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
  c.header('Vary', 'Cookie'); // whoever logs in next in the same browser may not see it
  return c.redirect(url, 302);
}

function maxAgeSecs(expiresAt: Date | null, now: number): number {
  if (expiresAt === null) return MAX_REDIRECT_AGE_SECS;
  const remainingSecs = Math.floor((expiresAt.getTime() - now - LINK_MARGIN_MS) / 1000);
  return Math.min(MAX_REDIRECT_AGE_SECS, Math.max(0, remainingSecs));
}
