import type { Channel, Guild, Page as ListPage } from '../../src/http/contract.ts';
import { library } from './support/page-parts.ts';
import { type Ask, expect, test } from './support/page-test.ts';
import type { RunningProgram } from './support/start-program.ts';
import { findGuild } from './support/world.ts';

/** A channel that holds no video; new ones are read by themselves. */
async function createChannel(program: RunningProgram, ask: Ask, name: string): Promise<Channel> {
  const guild = await findGuild(program, 'Chalk & Wheels');
  const { channel_id: id } = await program.control('create-channel', { guild_id: guild.id, name });
  let channel: Channel | undefined;
  await expect(async () => {
    channel = await ask<Channel>(`/api/channels/${id}`);
    expect(channel.state).toBe('read');
  }).toPass();
  return channel as Channel;
}

test('says of a channel that is switched off that nothing of it appears', async ({
  page,
  program,
  ask,
  openAs,
}) => {
  const { id, guildId } = await createChannel(program, ask, 'hush-off');
  await ask(`/api/channels/${id}`, { method: 'PATCH', body: JSON.stringify({ isReading: false }) });
  await page.goto(`/?guild=${guildId}&channel=${id}`);
  await expect(page.getByRole('heading', { name: 'Reading is switched off' })).toBeVisible();
  await expect(page.getByText('No video was posted')).toHaveCount(0);
  await page.getByRole('main').getByRole('link', { name: 'Choose channels of Chalk & Wheels' }).click();
  await expect(page).toHaveURL(`/guilds/${guildId}/settings`);

  const member = await openAs('coralroot', `/?guild=${guildId}&channel=${id}`);
  await expect(member.getByText('Whoever manages the server can switch reading on')).toBeVisible();
  await expect(member.getByRole('link', { name: /^Choose channels/ })).toHaveCount(0);
});

test('does not look for videos where nothing is being read, whatever is read elsewhere', async ({
  page,
  program,
  ask,
}) => {
  const { id, guildId } = await createChannel(program, ask, 'hush-read');
  let scannedId = '';
  await page.route(/\/api\/guilds$/, async (route) => {
    const response = await route.fetch();
    const { items, next } = (await response.json()) as ListPage<Guild>;
    const told = items.map((guild) => ({
      ...guild,
      states: { ...guild.states, scanning: guild.id === scannedId ? 1 : 0 },
    }));
    await route.fulfill({ json: { items: told, next } });
  });
  scannedId = (await findGuild(program, 'Pixel Harbor')).id;
  await page.goto(`/?guild=${guildId}&channel=${id}`);
  await expect(page.getByRole('heading', { name: 'No videos here' })).toBeVisible();
  await expect(page.getByText('No video was posted in this channel.')).toBeVisible();

  await page.route(/\/api\/videos\?/, (route) => route.fulfill({ json: { items: [], next: null } }));
  await page.route(/\/api\/videos\/count/, (route) => route.fulfill({ json: { value: 0, isCapped: false } }));
  await library(page)
    .getByRole('link', { name: /^Chalk & Wheels/ })
    .click();
  await expect(page.getByText('No video was posted in the channels that are read.')).toBeVisible();
  scannedId = guildId;
  await expect(page.getByRole('heading', { name: 'Looking for videos' })).toBeVisible({ timeout: 20_000 });
});
