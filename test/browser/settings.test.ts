import type { Channel, Page as ListPage, Page, Run } from '../../src/http/contract.ts';
import { library } from './support/page-parts.ts';
import { type Ask, expect, test } from './support/page-test.ts';
import { findGuild } from './support/world.ts';

async function channelsOf(ask: Ask, guildId: string): Promise<Channel[]> {
  return (await ask<ListPage<Channel>>(`/api/guilds/${guildId}/channels`)).items;
}

test('tells what is set and what is inherited, and saves each change', async ({
  page,
  program,
  complaints,
}) => {
  const guild = await findGuild(program, 'Flicker House 🎞️');
  await page.goto(`/?guild=${guild.id}`);
  await page.getByRole('link', { name: /^Settings of Flicker House/ }).click();
  const choice = page.getByRole('group', { name: /^New channels/ });
  await expect(choice.getByRole('radio', { name: 'Default (on)' })).toBeChecked();
  await choice.getByText('Off', { exact: true }).click();
  await expect(choice.getByRole('status')).toHaveText('Saved');
  await page.reload();
  await expect(choice.getByRole('radio', { name: 'Off' })).toBeChecked();
  await choice.getByText('Default', { exact: true }).click();
  await expect(choice.getByRole('radio', { name: 'Default (on)' })).toBeChecked();

  const prefix = page.getByLabel('Prefix of commands');
  await prefix.fill('with spaces');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(prefix).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert')).toContainText('1 to 10 characters');
  await expect(page.getByRole('alert')).not.toContainText('null');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(prefix).toHaveValue('!');
  await expect(prefix).toHaveAttribute('aria-invalid', 'false');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await prefix.fill('two words');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(prefix).toHaveAttribute('aria-invalid', 'true');
  await prefix.fill('?');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Use the default' })).toBeVisible();
  await page.getByRole('button', { name: 'Use the default' }).click();
  await expect(prefix).toHaveValue('!');
  complaints.length = 0; // the browser itself reports the 400
});

test('switches channels off and on, one by one and all', async ({ page, program, ask }) => {
  const guild = await findGuild(program, 'Flicker House 🎞️');
  await page.goto(`/guilds/${guild.id}/settings`);
  const channels = (await channelsOf(ask, guild.id)).filter(({ type }) => type !== 'category');
  const first = channels.find(({ isReading, type }) => isReading && type === 'text');
  const firstSwitch = page.getByRole('switch', { name: `Read ${first?.name}`, exact: true });
  await firstSwitch.click();
  await expect(firstSwitch).not.toBeChecked();
  await expect(firstSwitch).toBeEnabled();
  expect((await ask<Channel>(`/api/channels/${first?.id}`)).isReading).toBe(false);

  await page.getByRole('button', { name: 'All off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'All off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch them off' }).click();
  await expect(page.getByText(`0 of ${channels.length} switched on`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Scan everything' })).toBeDisabled();

  await page.getByRole('button', { name: 'All on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch them on' }).click();
  await expect(page.getByText(`${channels.length} of ${channels.length} switched on`)).toBeVisible();
  await page.getByRole('button', { name: 'Scan everything' }).click();
  await expect(page.getByText(/runs? queued|No channel needs a run/)).toBeVisible();
  await page.getByRole('link', { name: 'Watch it in the library' }).click();
  await expect(page).toHaveURL(`/?guild=${guild.id}`);
});

test('tells which channels the bot cannot read, and how to let it in', async ({ page, program }) => {
  const guild = await findGuild(program, 'Chalk & Wheels');
  await page.goto(`/guilds/${guild.id}/settings`);
  const row = page.getByRole('listitem').filter({ hasText: 'archive-2022' });
  await row.getByText('Missing: Read Message History').click();
  await expect(row).toContainText('open Edit Channel of #archive-2022');
  await expect(page.getByText(/ · \d closed to the bot/)).toBeVisible();
});

test('managers begin and repeat scans in the library, members do not', async ({
  page,
  program,
  ask,
  openAs,
  complaints,
}) => {
  const guild = await findGuild(program, 'Chalk & Wheels');
  const archive = (await channelsOf(ask, guild.id)).find(({ name }) => name === 'archive-2022');
  await page.goto(`/?guild=${guild.id}&channel=${archive?.id}`);
  await page.getByRole('button', { name: 'Read what is missing' }).click(); // which the bot may not
  const scans = page.getByRole('region', { name: 'Scans' });
  await scans.getByRole('button', { name: /could not be read/ }).click({ timeout: 30_000 });
  await expect(scans.getByRole('listitem').filter({ hasText: 'archive-2022' })).toContainText(
    'Read Message History',
  );
  await scans.getByRole('button', { name: 'Read #archive-2022 again' }).click();
  await expect(scans).toContainText('archive-2022', { timeout: 30_000 }); // it fails again

  const member = await openAs('coralroot', `/?guild=${guild.id}`);
  await expect(library(member).getByRole('link', { name: /^Chalk & Wheels/ })).toBeVisible();
  await expect(member.getByRole('link', { name: /^Settings of/ })).toHaveCount(0);
  await member.goto(`/guilds/${guild.id}/settings`);
  await expect(member.getByRole('heading', { name: 'You do not manage Chalk & Wheels' })).toBeVisible();
  await member.goto(`/guilds/1/settings`);
  await expect(member.getByRole('heading', { name: 'There is no such server here' })).toBeVisible();
  complaints.length = 0; // the browser itself reports the 404
});

test('managers stop a scan that moves', async ({ page, program, ask }) => {
  const guild = await findGuild(program, 'Chalk & Wheels');
  const { channel_id: id } = await program.control('create-channel', {
    guild_id: guild.id,
    name: 'short-story',
  });
  const switchReading = (isReading: boolean) =>
    ask(`/api/channels/${id}`, { method: 'PATCH', body: JSON.stringify({ isReading }) });
  await expect(() => switchReading(false)).toPass();
  await program.control('post', {
    channel_id: id,
    author_id: guild.members[0]?.user_id,
    content: 'and then',
    count: 1_200,
  });
  // Once its new name is known, all messages have come in, and nothing but the run reads them.
  await program.control('update-channel', { channel_id: id, name: 'long-story' });
  await expect.poll(async () => (await ask<Channel>(`/api/channels/${id}`)).name).toBe('long-story');
  await program.control('latency', { ms: 2_000 }); // of each page of a hundred messages
  try {
    await switchReading(true);
    await page.goto(`/?guild=${guild.id}`);
    const scans = page.getByRole('region', { name: 'Scans' });
    await scans.getByRole('button', { name: 'Stop reading #long-story' }).click({ timeout: 40_000 });
    const newest = async () => (await ask<Page<Run>>(`/api/runs?channel_id=${id}`)).items[0]?.status;
    await expect.poll(newest).toBe('canceled');
    await expect(scans.getByText('#long-story')).toHaveCount(0);
  } finally {
    await program.control('latency', { ms: 0 });
  }
});
