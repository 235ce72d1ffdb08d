import { AxeBuilder } from '@axe-core/playwright';
import type { Count, Guild, Page as ListPage, Video } from '../../src/http/contract.ts';
import { type Box, cards, library, type Picture } from './support/page-parts.ts';
import { expect, test } from './support/page-test.ts';
import { findGuild } from './support/world.ts';

const THREE_LOOKS_MS = 18_000; // first videos are looked for each second; where nothing is awaited, each ten
const MAX_CARDS_IN_DOCUMENT = 80; // of hundreds that are loaded

test('shows the newest videos with their stills, and how many channels are read', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('region', { name: 'Scans' })).toContainText(/\d+ of \d+ channels read/);
  await expect(cards(page).first()).toContainText('#');
  const stills = page.locator('img[src$="/poster"]');
  await expect
    .poll(() => stills.evaluateAll((images: Picture[]) => images.filter((i) => i.naturalWidth > 0).length))
    .toBeGreaterThan(5);
});

test('loads further pages while scrolling and keeps the document small', async ({ page }) => {
  await page.goto('/');
  await expect(cards(page).first()).toBeVisible();
  const lastPosition = () =>
    page.locator('li[aria-posinset]').last().getAttribute('aria-posinset').then(Number);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4_000);
      return lastPosition();
    })
    .toBeGreaterThan(150);
  expect(await cards(page).count()).toBeLessThan(MAX_CARDS_IN_DOCUMENT);
});

test('narrows the list to a guild and to a channel, and the address says so', async ({ page }) => {
  await page.goto('/');
  const nav = library(page);
  await nav.getByRole('link', { name: /^Chalk & Wheels/ }).click();
  await expect(page).toHaveURL(/\?guild=\d{17,19}$/);
  await nav.getByRole('link', { name: /^sends/ }).click();
  await expect(page).toHaveURL(/\?guild=\d{17,19}&channel=\d{17,19}$/);
  await expect(cards(page).filter({ hasNotText: '#sends' })).toHaveCount(0);
  await expect(cards(page).first()).toContainText('#sends');
  await expect(page).toHaveTitle('#sends · Chalk & Wheels · Clipdex');
  await page.goBack();
  await expect(page).toHaveURL(/\?guild=\d{17,19}$/);
});

test('says of a channel whose history the bot may not read that it is not read yet', async ({ page }) => {
  await page.goto('/');
  const nav = library(page);
  await nav.getByRole('link', { name: /^Chalk & Wheels/ }).click();
  await expect(nav.getByRole('link', { name: /^archive-2022/ })).toContainText('Not read yet');
  await expect(nav.getByRole('link', { name: /^sends/ })).toContainText('Read');
  await expect(nav.getByRole('link', { name: /^beta-requests/ })).not.toContainText(/\bread/i); // a forum
  await expect(page.getByRole('region', { name: 'Scans' })).toContainText(
    /(\d+) of (?!\1 )\d+ channels read/,
  );
});

test('does not say that a channel has no videos when reading it failed', async ({ page, ask }) => {
  await page.goto('/');
  const nav = library(page);
  await nav.getByRole('link', { name: /^Chalk & Wheels/ }).click();
  const hidden = nav.getByRole('link', { name: /^committee-table/ });
  await hidden.click();
  await expect(page.getByRole('heading', { name: 'Not read yet', level: 2 })).toBeVisible();
  await expect(page.getByText('Whoever manages the server can start that above')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Read what is missing' })).toBeVisible();
  const id = new URL(page.url()).searchParams.get('channel');
  await ask(`/api/channels/${id}/runs`, { method: 'POST', body: '{}' });
  await expect(hidden).toContainText('Reading its history failed', { timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Its history could not be read' })).toBeVisible();
  await expect(page.getByText('No video was posted')).toHaveCount(0);
});

test('announces a new video and shows it when asked', async ({ page, program }) => {
  await page.goto('/');
  const newest = cards(page).first().getByRole('heading');
  const before = await newest.textContent();
  const title = `fresh-${Date.now()}.mp4`;
  await postVideo(program, title);
  const announcement = page.getByRole('button', { name: '1 new video – show' });
  await expect(announcement).toBeVisible({ timeout: 30_000 });
  expect(await newest.textContent()).toBe(before);
  await announcement.click();
  await expect(newest).toContainText(title);
  await expect(announcement).toBeHidden();
});

test('shows the new videos although a further page of the old ones was on its way', async ({
  page,
  program,
}) => {
  await page.goto('/');
  await expect(cards(page).first()).toBeVisible();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let heldCount = 0;
  await page.route(/\/api\/videos\?.*cursor=/, async (route) => {
    heldCount += 1;
    await released;
    await route.continue().catch(() => {}); // the page may have given it up
  });
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4_000);
      return heldCount;
    })
    .toBeGreaterThan(0);
  const title = `newest-${Date.now()}.mp4`;
  await postVideo(program, title);
  await page.getByRole('button', { name: /new videos? – show/ }).click({ timeout: 30_000 });
  await expect(cards(page).first()).toContainText(title);
  release();
  await page.unroute(/\/api\/videos\?.*cursor=/);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4_000);
      return page.locator('li[aria-posinset]').last().getAttribute('aria-posinset').then(Number);
    })
    .toBeGreaterThan(60); // further pages have come
  await page.evaluate('window.scrollTo(0, 0)');
  await expect(cards(page).first()).toContainText(title);
});

test('takes a deleted video from the list, and announces the one that was posted in its place', async ({
  page,
  program,
}) => {
  const [gone, come] = [`gone-${Date.now()}.mp4`, `come-${Date.now()}.mp4`];
  const posted = await postVideo(program, gone);
  const card = cards(page).filter({ hasText: gone });
  await expect(async () => {
    await page.goto('/');
    await expect(card).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await program.control('delete', posted);
  await postVideo(program, come);
  await expect(card).toHaveCount(0);
  await expect(page.getByRole('button', { name: '1 new video – show' })).toBeVisible();
  await expect(cards(page).filter({ hasText: come })).toHaveCount(0);
});

test('keeps a short list as it is on Discord', async ({ page, program }) => {
  const { id: guildId, members } = await findGuild(program, 'Chalk & Wheels');
  const { channel_id } = await program.control('create-channel', { guild_id: guildId, name: 'few' });
  const post = (filename: string) =>
    program.control('post', {
      channel_id,
      author_id: members[0]?.user_id,
      files: [{ clip: 'dusk-ridge.mp4', filename }],
    });
  const { message_id } = await post('first.mp4');
  await post('second.mp4');
  await page.goto(`/?guild=${guildId}&channel=${channel_id}`);
  await expect(cards(page).getByRole('heading')).toHaveText(['second.mp4', 'first.mp4']);
  await program.control('delete', { channel_id, message_id });
  await expect(cards(page).getByRole('heading')).toHaveText(['second.mp4']);
  await post('third.mp4');
  await expect(cards(page).getByRole('heading')).toHaveText(['third.mp4', 'second.mp4']);
});

test('goes on with older videos when all that were loaded have gone', async ({ page, program, ask }) => {
  const { id: guildId, members } = await findGuild(program, 'Chalk & Wheels');
  const { channel_id } = await program.control('create-channel', { guild_id: guildId, name: 'many' });
  await program.control('post', {
    channel_id,
    author_id: members[0]?.user_id,
    files: [{ clip: 'dusk-ridge.mp4', filename: 'many.mp4' }],
    count: 60, // more than the page loads at first
  });
  await expect
    .poll(() => ask<Count>(`/api/videos/count?channel_id=${channel_id}`).then(({ value }) => value))
    .toBe(60);
  await page.goto('/');
  await expect(cards(page).first()).toContainText('#many');
  await program.control('delete-channel', { channel_id });
  await expect(cards(page).first()).not.toContainText('#many');
});

test('keeps a spoiler blurred until it is asked for', async ({ page, program, ask }) => {
  await postVideo(program, `SPOILER_${Date.now()}.mp4`, true);
  await expect
    .poll(async () =>
      (await ask<ListPage<Video>>('/api/videos?limit=1')).items.some((video) => video.isSpoiler),
    )
    .toBe(true);
  await page.goto('/');
  const spoiler = cards(page).filter({ has: page.getByRole('button', { name: /^Show the spoiler/ }) });
  const first = spoiler.first();
  await expect(first.locator('.blur-2xl')).toHaveCount(1);
  const title = await first.getByRole('heading').textContent();
  await first.getByRole('button').click();
  const revealed = cards(page).filter({ hasText: title ?? '' });
  await expect(revealed.locator('.blur-2xl')).toHaveCount(0);
  await expect(page).toHaveURL('/');
});

test('says that the program does not answer, and recovers by itself', async ({ page, complaints }) => {
  await page.goto('/');
  await expect(cards(page).first()).toBeVisible();
  await page.route('**/api/**', (route) => route.abort());
  await expect(page.getByRole('alert')).toContainText('does not answer', { timeout: 30_000 });
  await expect(cards(page).first()).toBeVisible();
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toBeHidden();
  complaints.length = 0; // the browser itself reports each request that got no answer
});

test('fits a phone of 360 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/');
  await expect(cards(page).first()).toBeVisible();
  await page.getByRole('button', { name: 'Servers and channels' }).click();
  await library(page)
    .getByRole('link', { name: /^Pixel Harbor/ })
    .click();
  await expect(library(page)).toBeHidden(); // the choice closes it
  await expect(page.getByRole('button', { name: 'Servers and channels' })).toContainText('Pixel Harbor');
  const overflow = await page
    .locator('html')
    .evaluate(({ scrollWidth, clientWidth }: Box) => scrollWidth - clientWidth);
  expect(overflow).toBeLessThanOrEqual(0); // the place of the scrollbar may make it less
});

test('says that a guild or a channel of the address is not here', async ({ page, ask, complaints }) => {
  await page.goto('/?guild=1');
  await expect(page.getByRole('heading', { name: 'There is no such server here' })).toBeVisible();
  const { items } = await ask<ListPage<Guild>>('/api/guilds');
  await page.goto(`/?guild=${items[0]?.id}&channel=1`);
  await expect(page.getByRole('heading', { name: 'There is no such channel here' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to all videos' }).click();
  await expect(cards(page).first()).toBeVisible();
  complaints.length = 0; // the browser itself reports the 404
});

test('connects, and looks for the first videos more often than for later ones', async ({ page }) => {
  const guilds = /\/api\/guilds$/;
  const videos = /\/api\/videos(\/count)?(\?|$)/;
  const empty = { items: [], next: null };
  await page.route(guilds, (route) => route.fulfill({ json: empty }));
  let looks = 0;
  await page.route(videos, (route) => {
    const isCount = route.request().url().includes('/count');
    if (isCount) looks += 1;
    return route.fulfill({ json: isCount ? { value: 0, isCapped: false } : empty });
  });
  await page.goto('/');
  await expect(page.getByRole('status')).toHaveText(/Connecting to Discord/);
  await expect.poll(() => looks, { timeout: THREE_LOOKS_MS }).toBeGreaterThan(3);
  await page.unroute(videos);
  await expect(cards(page).first()).toBeVisible();
});

test('asks seldom when a minute has brought no server', async ({ page }) => {
  let askedCount = 0;
  await page.route(/\/api\/guilds$/, (route) => {
    askedCount += 1;
    return route.fulfill({ json: { items: [], next: null } });
  });
  const openedAt = Date.now();
  await page.clock.install({ time: openedAt });
  await page.goto('/');
  await expect(cards(page).first()).toBeVisible();
  await page.clock.pauseAt(openedAt + 5 * 60_000);
  const passSecond = async () => {
    await page.clock.runFor(1_000);
    await page.waitForTimeout(100); // for an answer
  };
  await expect(async () => {
    await passSecond(); // a first answer after the minute
    await expect(library(page).getByRole('link', { name: 'All servers' })).toBeVisible({ timeout: 500 });
  }).toPass();
  const before = askedCount;
  for (let second = 0; second < 20; second += 1) await passSecond();
  expect(askedCount - before).toBeLessThanOrEqual(3);
});

test('asks for a list the less often the longer it took', async ({ page }) => {
  let askedCount = 0;
  let answer = () => {};
  let isSlow = false;
  let isHeld = false;
  await page.route(/\/api\/guilds$/, async (route) => {
    askedCount += 1;
    if (isSlow) {
      await new Promise<void>((resolve) => {
        answer = resolve;
        isHeld = true;
      });
    }
    await route.continue();
  });
  const passSeconds = (count: number) => page.clock.runFor(count * 1_000);
  await page.clock.install();
  await page.goto('/');
  await expect(cards(page).first()).toBeVisible();
  await page.clock.pauseAt(Date.now() + 60_000);
  isSlow = true;
  await expect(async () => {
    await passSeconds(1);
    expect(isHeld).toBe(true);
  }).toPass();
  const answered = page.waitForResponse(/\/api\/guilds$/);
  await passSeconds(4);
  answer();
  await (await answered).finished();
  const before = askedCount;
  await passSeconds(15);
  expect(askedCount).toBe(before);
  await expect(async () => {
    await passSeconds(1);
    expect(askedCount).toBe(before + 1);
  }).toPass();
  answer();
});

test('leads nowhere with a link home', async ({ page, complaints }) => {
  const response = await page.goto('/no/such/page');
  expect(response?.status()).toBe(404);
  await page.getByRole('link', { name: 'Go to the videos' }).click();
  await expect(cards(page).first()).toBeVisible();
  complaints.length = 0; // the browser itself reports the 404
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test(`has no accessibility violations, ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await page.goto('/');
      if (width < 1000) await page.getByRole('button', { name: 'Servers and channels' }).click();
      await library(page)
        .getByRole('link', { name: /^Chalk & Wheels/ })
        .click();
      await expect(cards(page).first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations).toEqual([]);
    });
  }
}

type Program = { control(name: string, fields?: object): Promise<Record<string, unknown>> };
type World = {
  guilds: { name: string; members: { user_id: string }[]; channels: { id: string; name: string }[] }[];
};

type Posted = { channel_id: string; message_id: string };

/** Somebody posts a video in a channel that the page shows. */
async function postVideo({ control }: Program, filename: string, spoiler = false): Promise<Posted> {
  const { guilds } = (await control('world')) as World;
  const guild = guilds.find(({ name }) => name === 'Chalk & Wheels');
  const channel = guild?.channels.find(({ name }) => name === 'sends');
  const author = guild?.members[0];
  if (!channel || !author) throw new Error('the sandbox has no channel #sends in Chalk & Wheels');
  const { message_id: messageId } = await control('post', {
    channel_id: channel.id,
    author_id: author.user_id,
    files: [{ clip: 'dusk-ridge.mp4', filename, spoiler }],
  });
  return { channel_id: channel.id, message_id: messageId as string };
}
