import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { choosePerson, decide } from './support/log-in.ts';
import { cards, library } from './support/page-parts.ts';
import { expect, test } from './support/page-test.ts';
import { findGuild, readWorld } from './support/world.ts';

const VIEW_CHANNEL = String(1 << 10);

test.describe.configure({ mode: 'serial' }); // one guild is installed, step by step

async function goToDiscord(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Continue to/ }).click();
  await expect(page.getByRole('heading', { name: 'Add Clipdex to a server' })).toBeVisible();
}

test('says who may add the bot to which server', async ({ openAs, program }) => {
  const page = await openAs('mossbyte', '/install');
  const group = (name: string) => page.getByRole('region', { name });
  await expect(group('Can be added').getByRole('listitem')).toContainText('Sunday Kites');
  await expect(group('Clipdex is there').getByRole('listitem')).toContainText('Pixel Harbor');

  const member = await openAs('dusk_heron', '/install');
  await expect(member.getByText('There is no server to which you could add it now')).toBeVisible();
  const kites = await findGuild(program, 'Sunday Kites');
  await expect(member.getByRole('region', { name: 'Somebody else has to add it' })).toContainText(
    'Sunday Kites',
  );
  await member.goto(`/install?guild_id=${kites.id}`);
  await expect(
    member.getByRole('heading', { name: 'This needs the permission Manage Server' }),
  ).toBeVisible();

  const nobody = await openAs('pine_marten_', '/');
  await expect(nobody.getByRole('heading', { name: 'No server yet' })).toBeVisible({ timeout: 20_000 });
  await nobody.getByRole('link', { name: 'Add Clipdex to a server' }).click();
  await expect(nobody.getByRole('heading', { name: 'You are in no server' })).toBeVisible();
});

test('explains the permissions, and takes a no for an answer', async ({ openAs }) => {
  const page = await openAs('mossbyte', '/install');
  await page.getByRole('link', { name: 'Add to Sunday Kites' }).click();
  const permissions = page.getByRole('region', { name: 'What Clipdex may do there' });
  await expect(permissions.getByRole('listitem')).toHaveText([
    /^View Channels/,
    /^Read Message History/,
    /^Connect/,
  ]);
  await goToDiscord(page);
  await decide(page, 'Cancel');
  await expect(page).toHaveURL(/\/install\/outcome\?outcome=denied&guild_id=\d+$/);
  await expect(page.getByRole('heading', { name: 'Clipdex was not added' })).toBeVisible();
  await page.getByRole('link', { name: 'Begin again' }).click();
  await expect(page.getByRole('heading', { name: 'Add Clipdex to Sunday Kites' })).toBeVisible();
});

test('has a sentence and a next step for every way in which an install ends', async ({ page }) => {
  const outcomes = [
    ...['denied', 'expired', 'foreign', 'wrong_guild', 'refused', 'unavailable'],
    ...['busy', 'not_logged_in', 'not_a_manager', 'already_installed'],
  ];
  const sentences = new Set<string>();
  for (const outcome of outcomes) {
    await page.goto(`/install/outcome?outcome=${outcome}&guild_id=949602169654721610`);
    const heading = page.getByRole('heading', { level: 1 });
    await expect(page).toHaveTitle(`${await heading.textContent()} · Clipdex`);
    await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
    sentences.add((await heading.textContent()) ?? '');
  }
  expect(sentences.size).toBe(outcomes.length);
  await page.goto('/install/outcome?outcome=nonsense');
  await expect(page.getByRole('heading', { name: 'Nothing was installed here' })).toBeVisible();
});

test('waits for a server that does not come, and says what to look at', async ({ page, complaints }) => {
  await page.clock.install();
  await page.goto('/guilds/123456789012345678/setup');
  await expect(page.getByRole('heading', { name: 'Waiting for Discord to show the server' })).toBeVisible();
  await page.clock.runFor(31_000);
  await expect(page.getByRole('heading', { name: 'The server has not come yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByRole('heading', { name: 'Waiting for Discord to show the server' })).toBeVisible();
  complaints.length = 0; // the browser itself reports each 404
});

test('whoever was logged out meanwhile logs in again and finds the set-up', async ({ openAs, program }) => {
  const kites = await findGuild(program, 'Sunday Kites');
  const page = await openAs('mossbyte', `/install?guild_id=${kites.id}`);
  await goToDiscord(page);
  await page.context().clearCookies({ name: /session/ });
  await decide(page, 'Authorize');
  await expect(page).toHaveURL('/install/outcome?outcome=not_logged_in');
  await expect(page.getByText('Log in again: your servers are listed then')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Log in with Discord' }).click();
  await choosePerson(page, 'mossbyte');
  await decide(page, 'Authorize');
  await expect(page).toHaveURL('/install');
  const setUp = page
    .getByRole('region', { name: 'Clipdex is there' })
    .getByRole('link', { name: 'Set up Sunday Kites' });
  await expect(async () => {
    await page.reload(); // the bot may be on its way still
    await expect(setUp).toBeVisible({ timeout: 5_000 });
  }).toPass();
  await setUp.click();
  await expect(page.getByRole('heading', { name: 'Set up Sunday Kites' })).toBeVisible();
  await program.control('kick-bot', { guild_id: kites.id });
});

test('a server that was added elsewhere waits for its set-up, and says that it can read nothing', async ({
  openAs,
  program,
}) => {
  const kites = await findGuild(program, 'Sunday Kites');
  const everyone = kites.roles.find(({ id }) => id === kites.id);
  await program.control('update-role', { guild_id: kites.id, role_id: kites.id, permissions: '0' });
  await program.control('add-bot', { guild_id: kites.id, permissions: '0' });
  const owner = await openAs('harbour_gull', '/');
  await owner.getByRole('link', { name: 'Set up Sunday Kites' }).click({ timeout: 30_000 });
  await expect(
    owner.getByRole('heading', { name: 'Clipdex can read nothing in Sunday Kites' }),
  ).toBeVisible();
  expect((await new AxeBuilder({ page: owner }).analyze()).violations).toEqual([]);
  await program.control('add-bot', { guild_id: kites.id });
  await expect(owner.getByRole('heading', { name: 'Set up Sunday Kites' })).toBeVisible(); // by itself

  await program.control('update-role', {
    guild_id: kites.id,
    role_id: kites.id,
    permissions: everyone?.permissions,
  });
  const member = await openAs('dusk_heron', `/?guild=${kites.id}`);
  await expect(member.getByText('Somebody who manages the server has to choose')).toBeVisible();
  await expect(member.getByRole('link', { name: /^(Set up|Settings of)/ })).toHaveCount(0);
  await member.goto(`/guilds/${kites.id}/setup`);
  await expect(member.getByRole('heading', { name: 'You do not manage Sunday Kites' })).toBeVisible();
  await program.control('kick-bot', { guild_id: kites.id });
});

test('adds the bot, and leads through the set-up to moving runs', async ({ openAs, program, complaints }) => {
  const kites = await findGuild(program, 'Sunday Kites');
  const page = await openAs('mossbyte', `/install?guild_id=${kites.id}`);
  await goToDiscord(page);
  await decide(page, 'Authorize');
  await expect(page).toHaveURL(`/guilds/${kites.id}/setup`);
  await expect(page.getByRole('heading', { name: 'Set up Sunday Kites' })).toBeVisible({ timeout: 30_000 });

  // What is proposed is ticked, and what cannot be read says why.
  const { bot } = await readWorld(program);
  const hidden = await program.control('create-channel', { guild_id: kites.id, name: 'committee' });
  await program.control('overwrite', {
    channel_id: hidden.channel_id,
    id: bot.id,
    type: 'member',
    deny: VIEW_CHANNEL,
  });
  await program.control('create-channel', { guild_id: kites.id, name: 'tea-room', type: 'voice' });
  await expect(async () => {
    await page.reload();
    await expect(page.getByLabel('tea-room')).toBeVisible({ timeout: 5_000 });
  }).toPass();
  await expect(page.getByRole('group', { name: 'Field' }).getByLabel('flights')).toBeChecked();
  await expect(page.getByLabel('tea-room')).not.toBeChecked();
  await expect(page.getByLabel('committee')).toBeDisabled();
  await page.getByText('Missing: View Channel').click();
  await expect(page.getByText(/open Edit Channel of #committee/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole('button', { name: 'None' }).click();
  await expect(page.getByRole('button', { name: 'Read', exact: true })).toBeDisabled();
  await page.getByLabel('flights').check();

  await page.getByLabel('Video formats').fill('mp4, no format!');
  await page.getByRole('button', { name: 'Read 1 channel' }).click();
  await expect(page.getByLabel('Video formats')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert')).toHaveText(/^Allowed are 1 to 50 extensions/);
  await page.getByLabel('Video formats').fill('mp4, webm, mov, m4v');
  await page.getByRole('button', { name: 'Read 1 channel' }).click();

  await expect(page).toHaveURL(`/?guild=${kites.id}`);
  await expect(page.getByRole('region', { name: 'Scans' })).toContainText(/Reading 1 channel|1 channel read/);
  await expect(library(page).getByRole('link', { name: /^flights/ })).toContainText('Read', {
    timeout: 30_000,
  });
  await expect(cards(page).first()).toBeVisible();
  await expect(library(page).getByRole('link', { name: /^wind-report/ })).toContainText('switched off');
  complaints.length = 0; // the browser itself reports the 400
});

test('sets nothing up twice, and installs nothing twice', async ({ openAs, program }) => {
  const kites = await findGuild(program, 'Sunday Kites');
  const page = await openAs('mossbyte', `/guilds/${kites.id}/setup`);
  await expect(page.getByRole('heading', { name: 'Sunday Kites is set up' })).toBeVisible();
  await expect(page.getByText('Nothing has to be chosen')).toBeVisible();
  await page.goto(`/install?guild_id=${kites.id}`);
  await expect(page.getByRole('heading', { name: 'Clipdex is in that server already' })).toBeVisible();
  await page.getByRole('link', { name: 'Look at its videos' }).click();
  await expect(page).toHaveURL(`/?guild=${kites.id}`);
});
