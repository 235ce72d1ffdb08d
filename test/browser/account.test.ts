import type { Page } from '@playwright/test';
import { expect, test } from './support/page-test.ts';

function section(page: Page, name: string) {
  return page.getByRole('region', { name });
}

test('lists the sessions, and ends another one', async ({ openAs, complaints }) => {
  const page = await openAs('tofu_comet', '/account');
  const other = await openAs('tofu_comet', '/account');
  await page.reload();
  const sessions = section(page, 'Sessions');
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await expect(sessions.getByRole('listitem').first()).toContainText('Chrome on Linux');
  await expect(sessions.getByRole('listitem').first()).toContainText('This browser');
  await sessions.getByRole('button', { name: /^End / }).click();
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await other.getByRole('switch').click();
  await expect(other.getByText('You were logged out')).toBeVisible();
  complaints.length = 0; // the browser itself reports the 401
});

test('logs out everywhere', async ({ openAs, complaints }) => {
  const page = await openAs('tofu_comet', '/account');
  const other = await openAs('tofu_comet', '/account');
  await section(page, 'Sessions').getByRole('button', { name: 'Log out everywhere' }).click();
  const dialog = page.getByRole('dialog', { name: 'Log out everywhere?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Log out everywhere' })).toBeFocused();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/');
  for (const each of [page, other]) {
    await each.reload();
    await expect(each.getByRole('main').getByRole('link', { name: 'Log in with Discord' })).toBeVisible();
  }
  complaints.length = 0; // the browser itself reports the 401s
});

test('makes a token that scripts use, and revokes it', async ({ openAs, program, complaints }) => {
  const page = await openAs('mossbyte', '/account');
  const tokens = section(page, 'API tokens');
  await expect(tokens).toContainText('You have no token.');
  await tokens.getByRole('button', { name: 'New token' }).click();
  await expect(tokens.getByLabel('Name')).toBeFocused();
  await tokens.getByRole('button', { name: 'Make the token' }).click();
  await expect(tokens.getByRole('alert')).toContainText('Allowed is 1 to 100 characters');
  await expect(tokens.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await tokens.getByLabel('Name').fill('mirror');
  await tokens.getByLabel('Ends after').selectOption('7 days');
  await tokens.getByRole('button', { name: 'Make the token' }).click();

  const token = await tokens.getByLabel('Token mirror').inputValue();
  await expect(tokens.getByRole('listitem')).toContainText('never used');
  const me = () => fetch(`${program.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  const answer = await me();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ username: 'mossbyte', scope: 'read' });

  await page.reload();
  await expect(tokens.getByLabel('Token mirror')).toHaveCount(0); // shown once
  await tokens.getByRole('button', { name: 'Revoke mirror' }).click();
  await page
    .getByRole('dialog', { name: 'Revoke “mirror”?' })
    .getByRole('button', { name: 'Revoke it' })
    .click();
  await expect(tokens).toContainText('You have no token.');
  expect((await me()).status).toBe(401);
  complaints.length = 0; // the browser itself reports the 400
});

test('keeps what the viewer chose for all their browsers', async ({ openAs }) => {
  const page = await openAs('yuzu_hane', '/account');
  const blur = page.getByRole('switch', { name: 'Show age-restricted videos without blur' });
  await expect(blur).not.toBeChecked();
  await blur.click();
  await expect(blur).toBeChecked();
  const other = await openAs('yuzu_hane', '/account');
  await expect(other.getByRole('switch', { name: /age-restricted/ })).toBeChecked();
});

test('says what could not be loaded, and tries again', async ({ page, complaints }) => {
  await page.route('**/api/tokens', (route) => route.abort());
  await page.goto('/account');
  const tokens = section(page, 'API tokens');
  await expect(tokens.getByRole('alert')).toContainText('does not answer');
  await page.unroute('**/api/tokens');
  await tokens.getByRole('button', { name: 'Try again' }).click();
  await expect(tokens).toContainText('You have no token.');
  complaints.length = 0; // the browser itself reports each request that got no answer
});
