import type { Page as ListPage, Video } from '../../src/http/contract.ts';
import { cards, currentTime, player } from './support/page-parts.ts';
import { type Ask, expect, test } from './support/page-test.ts';

/** Videos that the sandbox's members linked, or recorded in a game. */
async function findVideo(ask: Ask, isWanted: (video: Video) => boolean): Promise<Video> {
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: ListPage<Video> = await ask(`/api/videos?limit=100${cursor && `&cursor=${cursor}`}`);
    const video = page.items.find(isWanted);
    if (video) return video;
    cursor = page.next;
  }
  throw new Error('the sandbox has no such video');
}

test("a moving picture plays from Discord's copy, again and again, and is called one", async ({
  page,
  ask,
}) => {
  const video = await findVideo(ask, ({ isGif }) => isGif);
  await page.goto(`/videos/${video.id}`);
  await expect.poll(() => currentTime(page)).toBeGreaterThan(0.3);
  await expect(page.locator('video')).toHaveJSProperty('loop', true);
  await expect(player(page).getByText(' · GIF · ')).toBeVisible();
  await page.goto(`/?guild=${video.guildId}&channel=${video.channelId}`);
  await expect(
    cards(page).filter({ hasText: video.filename }).getByText('GIF', { exact: true }).first(),
  ).toBeVisible();
});

test('a video that only its own site plays is opened there', async ({ page, ask }) => {
  const video = await findVideo(ask, ({ hasFile }) => !hasFile);
  await page.goto(`/videos/${video.id}`);
  const links = player(page).getByRole('link', { name: `Open on ${video.provider}` });
  await expect(links.first()).toHaveAttribute('href', video.pageUrl ?? '');
  await expect(page.locator('video')).toHaveCount(0);
  const stream = await page.request.get(`/videos/${video.id}/stream`, { maxRedirects: 0 });
  expect(stream.status()).toBe(404);
  const still = await page.request.get(`/videos/${video.id}/poster`);
  expect(still.headers()['content-type']).toBe('image/webp');
});

test('a clip tells of the game and of who was there', async ({ page, ask }) => {
  const video = await findVideo(ask, ({ clip }) => clip?.application != null && clip.participants.length > 0);
  await page.goto(`/videos/${video.id}`);
  await expect(player(page).getByText(`Clip of ${video.clip?.application}`)).toBeVisible();
  await expect(
    player(page)
      .getByText(video.clip?.participants[0]?.globalName ?? '')
      .first(),
  ).toBeVisible();
});
