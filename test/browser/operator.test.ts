import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Finding } from '../../src/http/contract.ts';
import type { Box } from './support/page-parts.ts';
import { expect, test } from './support/page-test.ts';

function section(page: Page, name: string) {
  return page.getByRole('region', { name });
}

async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Menu of/ }).click();
}

/** As if the doctor had found this. */
async function find(page: Page, items: Finding[]): Promise<void> {
  await page.route('**/api/operator/doctor', (route) => route.fulfill({ json: { items, next: null } }));
}

test('the menu leads operators to what the doctor finds, and what to do', async ({ page }) => {
  await page.goto('/account');
  await openMenu(page);
  await page.getByRole('link', { name: 'Operator' }).click();
  await expect(page).toHaveURL('/operator');
  await expect(page).toHaveTitle(/^Operator/);
  const doctor = section(page, 'Doctor');
  const trouble = doctor.getByRole('listitem').filter({ hasText: 'Read Message History is missing in #' });
  await expect(trouble).toContainText('Needs attention');
  await expect(trouble).toContainText(/What to do: Give the bot's role/);

  const good = doctor.getByRole('list', { name: 'What is in order' });
  await expect(good).toBeHidden();
  await doctor.getByText(/checks in order/).focus();
  await page.keyboard.press('Enter');
  await expect(good.getByRole('listitem').filter({ hasText: 'PostgreSQL' })).toContainText('In order');

  const examined = page.waitForResponse('**/api/operator/doctor');
  await doctor.getByRole('button', { name: 'Examine again' }).click();
  expect((await examined).status()).toBe(200);
  await expect(doctor.getByRole('button', { name: 'Examine again' })).toBeEnabled();
});

test('what does not work comes first, and words tell it', async ({ page }) => {
  await find(page, [
    { check: 'node', status: 'ok', message: 'Node.js 24.0.0', action: null },
    { check: 'disk', status: 'warn', message: '1.2 GB free', action: 'Make room.' },
    { check: 'token', status: 'fail', message: 'Discord refuses it.', action: null },
  ]);
  await page.goto('/operator');
  const troubles = page.getByRole('list', { name: 'What is not in order' }).getByRole('listitem');
  await expect(troubles).toHaveCount(2);
  await expect(troubles.first()).toContainText('Does not work');
  await expect(troubles.first()).not.toContainText('What to do');
  await expect(troubles.last()).toContainText('What to do: Make room.');
  await page.unroute('**/api/operator/doctor');
  await find(page, [{ check: 'node', status: 'ok', message: 'Node.js 24.0.0', action: null }]);
  await section(page, 'Doctor').getByRole('button', { name: 'Examine again' }).click();
  await expect(section(page, 'Doctor').getByRole('status')).toHaveText('All is in order.');
});

test('an examination that fails is told, and can be tried again', async ({ page, complaints }) => {
  await page.route('**/api/operator/doctor', (route) => route.abort());
  await page.goto('/operator');
  const doctor = section(page, 'Doctor');
  await expect(doctor.getByRole('alert')).toContainText('does not answer');
  await page.unroute('**/api/operator/doctor');
  await doctor.getByRole('button', { name: 'Try again' }).click();
  await expect(doctor.getByRole('button', { name: 'Examine again' })).toBeVisible();
  complaints.length = 0; // the browser itself reports each request that got no answer
});

test('figures tell that all of it lives', async ({ page }) => {
  await page.goto('/operator');
  const figures = section(page, 'Key figures');
  await expect(figures).toContainText(/Workers1/);
  await expect(figures).toContainText(/Gateway of DiscordConnected1 shard/);
  await expect(figures).toContainText(/Scans under way0/);
});

test('a scheduled job tells when it is due, runs now, and tells that it is done', async ({ page }) => {
  await page.goto('/operator');
  const job = section(page, 'Scheduled jobs')
    .getByRole('listitem')
    .filter({ hasText: 'purge_install_intents' });
  await expect(job).toContainText(/Every 30 minutes, next (within a minute|in \d+ minutes?)/);
  await job.getByRole('button', { name: 'Run now' }).click();
  await expect(job.getByRole('status')).toHaveText('Done');
  await expect(job.getByRole('button', { name: 'Run now' })).toBeEnabled();
});

test('the metrics are a click away, and told how to scrape', async ({ page, program, complaints }) => {
  await page.goto('/operator');
  const metrics = section(page, 'Metrics');
  await expect(metrics).toContainText(`targets: ['${new URL(program.url).host}']`);
  await metrics.getByRole('link', { name: '/metrics' }).click();
  await expect(page.getByText(/clipdex_guilds \d/)).toBeVisible();
  complaints.length = 0; // the browser looks for the icon of what is no page
});

test('with all unfolded it is accessible and fits a narrow phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  await page.goto('/operator');
  await page.getByText(/checks in order/).click();
  await expect(section(page, 'Scheduled jobs').getByRole('listitem').first()).toBeVisible();
  await expect(section(page, 'Key figures')).toContainText('Workers');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const overflow = await page
    .locator('html')
    .evaluate(({ scrollWidth, clientWidth }: Box) => scrollWidth - clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('for everybody else there is no such page', async ({ openAs }) => {
  const page = await openAs('mossbyte', '/operator');
  await expect(page.getByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible();
  await openMenu(page);
  await expect(page.getByRole('link', { name: 'Account' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Operator' })).toHaveCount(0);
});
