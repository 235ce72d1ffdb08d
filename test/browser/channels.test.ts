import type { Channel, Guild, Page as ListPage, Video } from '../../src/http/contract.ts';
import { cards, library } from './support/page-parts.ts';
import { type Ask, expect, test } from './support/page-test.ts';

const NEW_POSTS = 21; // more than are shown at once

type World = { guilds: { id: string; members: { user_id: string }[] }[] };

async function findChannel(ask: Ask, guildName: string, name: string): Promise<Channel> {
  const guilds = await ask<ListPage<Guild>>('/api/guilds');
  const guild = guilds.items.find((item) => item.name === guildName);
  const channels = await ask<ListPage<Channel>>(`/api/guilds/${guild?.id}/channels`);
  const channel = channels.items.find((item) => item.name === name);
  if (!channel) throw new Error(`the sandbox has no channel ${name} in ${guildName}`);
  return channel;
}

test('a channel tells what of it is read, by year and on demand', async ({ page, ask }) => {
  const channel = await findChannel(ask, 'Chalk & Wheels', 'campfire');
  await page.goto(`/?guild=${channel.guildId}&channel=${channel.id}`);
  const coverage = page.getByRole('region', { name: 'Coverage' });
  await expect(coverage).toContainText(/Complete.*every message, the newest of|every message up to/s);
  await expect(coverage.getByRole('table')).toHaveCount(0);
  await coverage.getByRole('button').click();
  await expect(coverage.getByRole('table', { name: 'Messages and videos by year' })).toContainText(
    /2024\d+ messages\d+ videos?/,
  );
  await expect(coverage).toContainText('New messages are read as they are posted.');
});

test('a forum shows the videos of its posts, and the newest posts below it', async ({
  page,
  program,
  ask,
}) => {
  const forum = await findChannel(ask, 'Chalk & Wheels', 'beta-requests');
  const { guilds } = (await program.control('world')) as World;
  const ownerId = guilds.find(({ id }) => id === forum.guildId)?.members[0]?.user_id;
  for (let index = 1; index <= NEW_POSTS; index += 1) {
    await program.control('create-thread', {
      channel_id: forum.id,
      name: `post ${index}`,
      owner_id: ownerId,
    });
  }
  await page.goto(`/?guild=${forum.guildId}&channel=${forum.id}`);
  await expect(cards(page).first()).toBeVisible();
  const posts = library(page).getByRole('list', { name: 'Threads of beta-requests' });
  await posts.getByRole('link', { name: `post ${NEW_POSTS}` }).click();
  await expect(page).toHaveTitle(`#post ${NEW_POSTS} · Chalk & Wheels · Clipdex`);
  await expect(posts.getByRole('link', { name: /^post 1 / })).toHaveCount(0);
  await posts.getByRole('button', { name: 'Show more threads' }).click();
  await expect(posts.getByRole('link', { name: /^post 1 / })).toBeVisible();
  await library(page)
    .getByRole('link', { name: /^sends/ })
    .click();
  await expect(posts).toBeHidden();
});

test('marks what only the search index has told of, until its message was read', async ({ page }) => {
  let isRead = false;
  const unconfirmedIds = new Set<string>();
  await page.route(/\/api\/videos\?/, async (route) => {
    const response = await route.fetch();
    const { items, next } = (await response.json()) as ListPage<Video>;
    if (unconfirmedIds.size === 0) unconfirmedIds.add(items[0]?.id ?? '').add(items[40]?.id ?? '');
    const marked = items.map((video) => ({ ...video, isConfirmed: isRead || !unconfirmedIds.has(video.id) }));
    await route.fulfill({ json: { items: marked, next } });
  });
  await page.goto('/');
  await expect(cards(page).first().getByText('Unconfirmed')).toBeVisible();
  await expect(page.getByText('Unconfirmed')).toHaveCount(1);
  await cards(page).first().getByRole('link').press('Enter'); // the first may be covered
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Unconfirmed')).toBeVisible();
  // What the page asks of the video alone is told as it is, and that is confirmed.
  await expect(dialog.getByText('Unconfirmed')).toHaveCount(0, { timeout: 30_000 });
  await page.keyboard.press('Escape');
  await expect(cards(page).first().getByText('Unconfirmed')).toBeVisible();
  isRead = true;
  await expect(page.getByText('Unconfirmed')).toHaveCount(0, { timeout: 30_000 });
});

test('takes the mark from videos far below, of later pages too', async ({ page }) => {
  let isRead = false;
  const marked = new Set<string>(); // the first and the last of each page
  await page.route(/\/api\/videos\?/, async (route) => {
    const response = await route.fetch();
    const { items, next } = (await response.json()) as ListPage<Video>;
    if (!isRead) for (const video of [items[0], items.at(-1)]) marked.add(video?.id ?? '');
    const told = items.map((video, index) => {
      const isStuck = index === 0 && !new URL(route.request().url()).searchParams.has('cursor');
      return { ...video, isConfirmed: isRead ? !isStuck : !marked.has(video.id) };
    });
    await route.fulfill({ json: { items: told, next } });
  });
  await page.goto('/');
  await expect(cards(page).first().getByText('Unconfirmed')).toBeVisible();
  const lastPosition = () =>
    page.locator('li[aria-posinset]').last().getAttribute('aria-posinset').then(Number);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 2_000);
      return lastPosition();
    })
    .toBeGreaterThan(96);
  isRead = true;
  // Below, every mark goes, although that of the very first video stays.
  await expect(page.getByText('Unconfirmed')).toHaveCount(0, { timeout: 50_000 });
  await page.evaluate('window.scrollTo(0, 0)');
  await expect(page.getByText('Unconfirmed')).toHaveCount(1);
});
