import { cards, player } from './support/page-parts.ts';
import { expect, test } from './support/page-test.ts';
import { findGuild } from './support/world.ts';

test('covers videos of age-restricted channels until the viewer wants them shown', async ({
  openAs,
  program,
  ask,
}) => {
  const guild = await findGuild(program, 'Flicker House 🎞️');
  await ask(`/api/guilds/${guild.id}/settings`, { method: 'PATCH', body: '{"scan_nsfw":true}' });
  const { channel_id: channelId } = await program.control('create-channel', {
    guild_id: guild.id,
    name: 'after-dark',
    nsfw: true,
  });
  await program.control('post', {
    channel_id: channelId,
    author_id: guild.members[0]?.user_id,
    files: [{ clip: 'city-windows.webm', filename: 'night.webm' }],
  });

  const page = await openAs('slow_lantern', `/?guild=${guild.id}&channel=${channelId}`);
  const card = cards(page).filter({ hasText: 'night.webm' });
  await expect(card).toBeVisible({ timeout: 30_000 });
  await expect(card.locator('.blur-2xl')).toHaveCount(1);
  await card.getByRole('link').press('Enter');
  const cover = player(page).getByRole('button', { name: /age-restricted channel/ });
  await expect(cover).toBeVisible();
  await expect(page.locator('video')).toHaveCount(0);
  await cover.click();
  await expect(page.locator('video')).toHaveCount(1);
  await page.keyboard.press('Escape');

  await card.getByRole('button', { name: /^Show the age-restricted video/ }).click();
  await expect(card.locator('.blur-2xl')).toHaveCount(0);
  await page.reload();
  await expect(card.locator('.blur-2xl')).toHaveCount(1);

  await card.getByRole('link').press('Enter');
  await player(page)
    .getByRole('link', { name: /Never ask/ })
    .click();
  await page.getByRole('switch', { name: /age-restricted/ }).click();
  await expect(page.getByRole('switch', { name: /age-restricted/ })).toBeChecked();
  await page.goto(`/?guild=${guild.id}&channel=${channelId}`);
  await expect(card).toBeVisible();
  await expect(card.locator('.blur-2xl')).toHaveCount(0);
});
