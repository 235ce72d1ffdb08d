import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Page as ListPage, Video } from '../../src/http/contract.ts';
import { cards, currentTime, findPlayableVideo, type Media, player } from './support/page-parts.ts';
import { expect, test } from './support/page-test.ts';
import { findGuild } from './support/world.ts';

type Scroller = { scrollTop: number };

test('plays a video from the list, and going back closes it', async ({ page, ask }) => {
  const video = await findPlayableVideo(ask);
  await page.goto('/');
  await page.locator(`a[href="/videos/${video.id}"]`).click();
  await expect(page).toHaveURL(`/videos/${video.id}`);
  await expect(player(page)).toBeVisible();
  await expect.poll(() => currentTime(page)).toBeGreaterThan(0.5);
  await page.goBack();
  await expect(player(page)).toBeHidden();
  await expect(page).toHaveURL('/');
});

test('opens by its address, seeks, and closes with Escape', async ({ page, ask }) => {
  const video = await findPlayableVideo(ask);
  await page.goto(`/videos/${video.id}`);
  const dialog = player(page);
  await expect(dialog.getByRole('heading', { name: video.title ?? video.filename })).toBeVisible();
  await expect(page).toHaveTitle(`${video.title ?? video.filename} · Clipdex`);
  const element = page.locator('video');
  await expect.poll(() => element.evaluate((v: Media) => v.readyState)).toBeGreaterThan(1);
  await element.evaluate((v: Media) => {
    v.pause();
    v.currentTime = 4;
  });
  await expect.poll(() => element.evaluate((v: Media) => v.seeking)).toBe(false);
  expect(await currentTime(page)).toBe(4);
  await page.keyboard.press('ArrowLeft');
  expect(await currentTime(page)).toBe(0);
  await page.keyboard.press(' ');
  await expect.poll(() => currentTime(page)).toBeGreaterThan(0.3);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL('/');
});

test('steps to the neighbours with n and p; one step back leads to the list', async ({ page }) => {
  await page.goto('/');
  await expect(cards(page).nth(1)).toBeVisible();
  const titles = await cards(page).getByRole('heading').allTextContents();
  await cards(page).first().getByRole('link').press('Enter'); // the first may be a spoiler, which covers its still
  const heading = player(page).getByRole('heading');
  await expect(heading).toHaveText(titles[0] ?? '');
  await page.keyboard.press('n');
  await expect(heading).toHaveText(titles[1] ?? '');
  await page.keyboard.press('p');
  await expect(heading).toHaveText(titles[0] ?? '');
  await expect(player(page).getByRole('button', { name: 'Previous video' })).toBeDisabled();
  await page.goBack();
  await expect(player(page)).toBeHidden();
});

test('steps past a forward and its original, which may have one id', async ({ page, ask }) => {
  const { items } = await ask<ListPage<Video>>('/api/videos?limit=100');
  const [above, original, between, below] = items.filter(({ source }) => source === 'attachment');
  const forward = { ...original, source: 'forward', cursor: `${original?.cursor}f` };
  const list = [above, forward, between, original, below];
  await page.route(/\/api\/videos\?/, (route) => route.fulfill({ json: { items: list, next: null } }));
  await page.route(/\/api\/videos\/count/, (route) =>
    route.fulfill({ json: { value: list.length, isCapped: false } }),
  );
  await page.goto('/');
  await cards(page).nth(3).getByRole('link').press('Enter');
  const forwarded = player(page).getByText('forwarded');
  await expect(page).toHaveURL(`/videos/${original?.id}`);
  await expect(player(page).getByRole('heading')).toBeVisible();
  await expect(forwarded).toHaveCount(0);
  await page.keyboard.press('n');
  await expect(page).toHaveURL(`/videos/${below?.id}`);
  await page.keyboard.press('p');
  await expect(page).toHaveURL(`/videos/${original?.id}`);
  await page.keyboard.press('p');
  await expect(page).toHaveURL(`/videos/${between?.id}`);
  await page.keyboard.press('p');
  await expect(forwarded).toBeVisible();
  await page.keyboard.press('p');
  await expect(page).toHaveURL(`/videos/${above?.id}`);
});

test('keys hold in fullscreen and after it, and the volume stays for the next video', async ({
  page,
  ask,
}) => {
  const video = await findPlayableVideo(ask);
  await page.goto('/');
  await page.locator(`a[href="/videos/${video.id}"]`).click();
  const element = page.locator('video');
  const isFullscreen = () => page.evaluate('document.fullscreenElement !== null');
  await expect.poll(() => element.evaluate((v: Media) => v.readyState)).toBeGreaterThan(1);
  await page.keyboard.press('f');
  await expect.poll(isFullscreen).toBe(true);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => element.evaluate((v: Media) => v.volume)).toBeCloseTo(0.9);
  await page.keyboard.press('f');
  await expect.poll(isFullscreen).toBe(false);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => element.evaluate((v: Media) => v.volume)).toBeCloseTo(0.8);
  const heading = player(page).getByRole('heading');
  const title = (await heading.textContent()) ?? '';
  await page.keyboard.press('n');
  await expect(heading).not.toHaveText(title);
  await page.keyboard.press('p');
  await expect(heading).toHaveText(title);
  await expect(page).toHaveURL(new RegExp(video.id));
  await expect.poll(() => element.evaluate((v: Media) => v.volume)).toBeCloseTo(0.8);
  await page.keyboard.press('Escape');
  await expect(page.locator(`a[href="/videos/${video.id}"]`)).toBeFocused();
});

test('plays although every link that is stored has ended', async ({ page, program, ask }) => {
  const video = await findPlayableVideo(ask);
  await program.control('expire-links');
  await page.goto(`/videos/${video.id}`);
  await expect(page.locator('video')).toHaveAttribute('src', /\?retry=1$/);
  await play(page);
  await expect.poll(() => currentTime(page)).toBeGreaterThan(0.5);
});

test('goes on where it was when a link ends while watching', async ({ page, program, ask }) => {
  const video = await findPlayableVideo(ask);
  await page.goto(`/videos/${video.id}`);
  await play(page);
  await expect.poll(() => currentTime(page)).toBeGreaterThan(1.5);
  await program.control('expire-links');
  // Small files are loaded whole, so nothing is asked of the CDN again: reading the source anew asks.
  await page.locator('video').evaluate((v: EventTarget) => v.dispatchEvent(new Event('error')));
  await expect(page.locator('video')).toHaveAttribute('src', /\?retry=\d$/);
  await expect.poll(() => currentTime(page)).toBeGreaterThan(1.5);
});

test('says why a video cannot be played', async ({ page, complaints, ask }) => {
  await page.goto('/videos/123');
  await expect(player(page).getByRole('alert')).toContainText('There is no video 123 here.');
  await expect(player(page).getByRole('button', { name: 'Try again' })).toBeHidden();
  await player(page).getByRole('link', { name: 'Go to the videos' }).click();
  await expect(player(page)).toBeHidden();
  const video = await findPlayableVideo(ask);
  // What the player asks for, not what then asks why; a route does not see where a redirect leads.
  await page.route('**/videos/*/stream*', (route) =>
    route.request().resourceType() === 'media' ? route.fulfill({ body: 'not a video' }) : route.continue(),
  );
  await page.goto(`/videos/${video.id}`);
  await expect(player(page).getByRole('alert')).toContainText('Your browser cannot play this file', {
    timeout: 20_000,
  });
  await expect(player(page).getByRole('link', { name: 'Open the file itself' })).toBeVisible();
  await expect(player(page).getByRole('button', { name: 'Try again' })).toBeHidden();
  complaints.length = 0; // the browser itself reports the 404
});

test('tells that a video was deleted while it was watched', async ({ page, program, ask }) => {
  const guild = await findGuild(program, 'Chalk & Wheels');
  const channelId = guild.channels.find(({ name }) => name === 'sends')?.id;
  const { message_id: messageId } = await program.control('post', {
    channel_id: channelId,
    author_id: guild.members[0]?.user_id,
    files: [{ clip: 'city-windows.webm', filename: 'brief.webm' }],
  });
  const newest = () => ask<ListPage<Video>>('/api/videos?limit=1').then(({ items }) => items[0]);
  await expect.poll(() => newest().then((video) => video?.messageId)).toBe(messageId);
  const id = (await newest())?.id;
  await page.goto(`/videos/${id}`);
  await play(page);
  await expect.poll(() => currentTime(page)).toBeGreaterThan(0.5);
  await program.control('delete', { channel_id: channelId, message_id: messageId });
  await expect.poll(() => newest().then((video) => video?.id)).not.toBe(id);
  // The browser still holds the small file: reading the source anew asks. It also holds where the stream led to.
  await page.locator('video').evaluate((v: EventTarget) => v.dispatchEvent(new Event('error')));
  await expect(player(page).getByRole('alert')).toContainText('was deleted on Discord');
});

test('asks before it shows a spoiler that was opened by its address', async ({ page, ask }) => {
  const { items } = await ask<ListPage<Video>>('/api/videos?limit=100');
  const spoiler = items.find(({ isSpoiler }) => isSpoiler);
  await page.goto(`/videos/${spoiler?.id}`);
  const cover = player(page).getByRole('button', { name: /spoiler/ });
  await expect(cover).toBeVisible();
  await expect(page.locator('video')).toHaveCount(0);
  await cover.click();
  await expect(page.locator('video')).toHaveCount(1);
});

test('leaves the keys of a player that is not there to the page', async ({ page, ask }) => {
  await page.setViewportSize({ width: 600, height: 320 });
  const { items } = await ask<ListPage<Video>>('/api/videos?limit=100');
  const spoiler = items.find(({ isSpoiler }) => isSpoiler);
  await page.goto(`/videos/${spoiler?.id}`);
  await expect(player(page).getByRole('button', { name: /spoiler/ })).toBeVisible();
  // Again and again, as there may be nothing to scroll before what is told of the video is there.
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowDown');
      return player(page).evaluate((dialog: Scroller) => dialog.scrollTop);
    })
    .toBeGreaterThan(0);
});

test('asks once for what follows when that fails', async ({ page, ask, complaints }) => {
  const { items, next } = await ask<ListPage<Video>>('/api/videos?limit=48'); // as many as the page loads
  let askedCount = 0;
  await page.route(/\/api\/videos\?.*cursor=/, (route) => {
    if (new URL(route.request().url()).searchParams.get('cursor') !== next) return route.continue();
    askedCount += 1;
    const problem = { title: 'Too much', status: 429, code: 'too_much', detail: 'Ask later.' };
    return route.fulfill({
      status: 429,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    });
  });
  await page.goto(`/videos/${items.at(-1)?.id}`);
  await expect.poll(() => askedCount).toBe(1);
  await page.waitForTimeout(1_000); // in which it would ask dozens of times
  expect(askedCount).toBe(1);
  complaints.length = 0; // the browser itself reports the 429
});

test('does not lead from the sandbox to Discord', async ({ page, ask }) => {
  const video = await findPlayableVideo(ask);
  await page.goto(`/videos/${video.id}`);
  await expect(page.locator('video')).toBeVisible();
  await expect(page.getByText('Sandbox', { exact: true })).toBeVisible();
  await expect(player(page).getByRole('link', { name: 'Open on Discord' })).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no accessibility violations, ${colorScheme}`, async ({ page, ask }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const video = await findPlayableVideo(ask);
    await page.goto(`/videos/${video.id}`);
    await expect(page.locator('video')).toBeVisible();
    await player(page).getByRole('button', { name: 'Keys of the player' }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
}

/** Browsers start by themselves only after a click on the page; an address that was opened has none. */
async function play(page: Page): Promise<void> {
  await page.locator('video').evaluate((v: Media) => v.play());
}
