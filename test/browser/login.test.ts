import { AxeBuilder } from '@axe-core/playwright';
import type { Guild, Page as ListPage } from '../../src/http/contract.ts';
import { choosePerson, decide, logIn } from './support/log-in.ts';
import { cards, library } from './support/page-parts.ts';
import { expect, loggedOut, test } from './support/page-test.ts';

test.use(loggedOut);

test('leads from the landing page through Discord to the library', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Every video of your Discord servers/);
  await expect(page.getByText('no password is asked')).toBeVisible(); // of the sandbox
  await expect(page.getByText('Nothing is posted for you')).toBeVisible();
  await logIn(page, 'mossbyte');
  await expect(page).toHaveURL('/');
  await expect(cards(page).first()).toBeVisible();
  await expect(library(page).getByRole('link', { name: /^Pixel Harbor/ })).toBeVisible();
  await expect(library(page).getByText('Chalk & Wheels')).toHaveCount(0); // mossbyte is not in it
  await page.getByRole('button', { name: 'Menu of Mossbyte' }).click();
  await expect(page.getByText('@mossbyte')).toBeVisible();
});

test('comes back to the page that was asked for', async ({ page }) => {
  await page.goto('/account?from=mail');
  await expect(page).toHaveTitle('Clipdex');
  await logIn(page, 'mossbyte');
  await expect(page).toHaveURL(/\/account\?from=mail$/);
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
});

test('says that the viewer did not log in, and still leads to where they wanted to go', async ({ page }) => {
  await page.goto('/developers');
  await page.getByRole('banner').getByRole('link', { name: 'Log in' }).click();
  await choosePerson(page, 'mossbyte');
  await decide(page, 'Cancel');
  await expect(page).toHaveURL('/login?outcome=denied');
  await expect(page.getByText('You did not log in')).toBeVisible();
  await logIn(page, 'mossbyte');
  await expect(page).toHaveURL('/developers');
});

test('has a sentence and a next step for every way in which a login fails', async ({ page }) => {
  const titles = {
    denied: 'You did not log in',
    expired: 'The login took too long',
    mismatched: 'This login was not begun here',
    refused: 'Discord refused the login',
    busy: 'Clipdex is busy at this moment',
    unavailable: 'Discord does not answer',
  };
  for (const [outcome, title] of Object.entries(titles)) {
    await page.goto(`/login?outcome=${outcome}`);
    await expect(page.getByRole('main').getByText(title, { exact: true })).toBeVisible();
    await expect(page).toHaveTitle(`${title} · Clipdex`);
    await expect(page.getByRole('main').getByRole('link', { name: 'Log in with Discord' })).toBeVisible();
  }
  await expect(page.getByText('refuses DISCORD_CLIENT_ID or DISCORD_CLIENT_SECRET')).toBeVisible(); // `unavailable`
  await page.goto('/login?outcome=<script>');
  await expect(page).toHaveTitle('Log in · Clipdex');
});

test('does not come back to another site', async ({ page, program }) => {
  await page.goto(`/auth/login?return_to=${encodeURIComponent('//example.org/')}`);
  await choosePerson(page, 'mossbyte');
  await decide(page, 'Authorize');
  expect(new URL(page.url()).origin).toBe(program.url);
});

test('logs out, and shows nothing any more, not even by going back', async ({ page }) => {
  await page.goto('/');
  await logIn(page, 'mossbyte');
  await expect(cards(page).first()).toBeVisible();
  await library(page)
    .getByRole('link', { name: /^Pixel Harbor/ })
    .click();
  await expect(page).toHaveURL(/guild=/);
  await page.getByRole('button', { name: 'Menu of Mossbyte' }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  const landing = page.getByRole('main').getByRole('link', { name: 'Log in with Discord' });
  await expect(landing).toBeVisible();
  await expect(page.getByText('You were logged out')).toHaveCount(0); // one knows
  await page.goBack();
  await expect(page).toHaveURL(/guild=/);
  await expect(landing).toBeVisible();
  await expect(cards(page)).toHaveCount(0);
});

test('says that a session has ended, and comes back to the same place', async ({ page, ask, complaints }) => {
  await page.goto('/');
  await logIn(page, 'mossbyte');
  const { items } = await ask<ListPage<Guild>>('/api/guilds');
  const guild = items.find(({ name }) => name === 'Pixel Harbor');
  await library(page)
    .getByRole('link', { name: /^Pixel Harbor/ })
    .click();
  await expect(page).toHaveURL(`/?guild=${guild?.id}`);
  await expect(cards(page).first()).toBeVisible();
  await page.context().clearCookies(); // as if the server had forgotten it
  await expect(page.getByText('You were logged out')).toBeVisible({ timeout: 30_000 });
  await expect(cards(page)).toHaveCount(0);
  await logIn(page, 'mossbyte');
  await expect(page).toHaveURL(`/?guild=${guild?.id}`);
  await expect(cards(page).first()).toBeVisible();
  complaints.length = 0; // the browser itself reports each 401
});

test('says that the program does not answer, before it is known who looks', async ({ page, complaints }) => {
  await page.route('**/api/**', (route) => route.abort());
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Clipdex does not answer');
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('main').getByRole('link', { name: 'Log in with Discord' })).toBeVisible();
  complaints.length = 0; // the browser itself reports each request that got no answer
});

test('says in its own words why it refuses, before it is known who looks', async ({ page, complaints }) => {
  const problem = { title: 'Too much', status: 429, code: 'too_much', detail: 'Ask again in a minute.' };
  await page.route('**/api/me', (route) =>
    route.fulfill({
      status: 429,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    }),
  );
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveText('Ask again in a minute.');
  complaints.length = 0; // the browser itself reports each 429
});

test('can be used with the keyboard alone', async ({ page }) => {
  await page.goto('/');
  await logIn(page, 'mossbyte');
  await expect(cards(page).first()).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to videos' })).toBeFocused();
  const menu = page.getByRole('button', { name: 'Menu of Mossbyte' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Account' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Account' })).toBeHidden();
  await expect(menu).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the open menu has no accessibility violations, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto('/');
    await logIn(page, 'mossbyte');
    await page.getByRole('button', { name: 'Menu of Mossbyte' }).click();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}
