import type { Locator, Page } from '@playwright/test';
import type { Page as ListPage, Video } from '../../../src/http/contract.ts';
import type { Ask } from './page-test.ts';

/** What the tests use of elements: the types of the DOM would leak into the program's own. */
export type Media = {
  currentTime: number;
  readyState: number;
  seeking: boolean;
  volume: number;
  play(): unknown;
  pause(): void;
};
export type Picture = { naturalWidth: number };
export type Box = { scrollWidth: number; clientWidth: number };

/** The cards of the list that are in the document. */
export function cards(page: Page): Locator {
  return page.getByRole('article');
}

/** Servers and channels; on a phone behind a button. */
export function library(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Servers and channels' });
}

export function player(page: Page): Locator {
  return page.getByRole('dialog');
}

export function currentTime(page: Page): Promise<number> {
  return page.locator('video').evaluate((video: Media) => video.currentTime);
}

/** A video that every Chromium plays, long enough to seek in; Debian's has all codecs, others lack H.264. */
export async function findPlayableVideo(ask: Ask): Promise<Video> {
  const { items } = await ask<ListPage<Video>>('/api/videos?limit=100');
  const video = items.find(
    ({ extension, durationSecs, isSpoiler, isAgeRestricted }) =>
      extension === 'webm' && (durationSecs ?? 0) >= 5 && !isSpoiler && !isAgeRestricted,
  );
  if (!video) throw new Error('the newest hundred videos hold no webm to play');
  return video;
}
