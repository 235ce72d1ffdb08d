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

test('marks what only the search index has told of', async ({ page }) => {
  await page.route(/\/api\/videos\?/, async (route) => {
    const response = await route.fetch();
    const { items, next } = (await response.json()) as ListPage<Video>;
    await route.fulfill({ json: { items: items.map((v, i) => ({ ...v, isConfirmed: i > 0 })), next } });
  });
  await page.goto('/');
  await expect(cards(page).first().getByText('Unconfirmed')).toBeVisible();
  await expect(page.getByText('Unconfirmed')).toHaveCount(1);
  await cards(page).first().getByRole('link').press('Enter'); // the first may be covered
  await expect(page.getByRole('dialog').getByText('Unconfirmed')).toBeVisible();
});
