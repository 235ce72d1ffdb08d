import { expect, test } from './support/page-test.ts';

test('lists the operations, and tries one', async ({ page }) => {
  await page.goto('/developers');
  const groups = page.getByRole('navigation', { name: 'Groups' }).getByRole('link');
  await expect(groups.filter({ hasText: 'operator' })).toBeVisible();
  const names = await groups.allTextContents();
  expect(names.indexOf('videos')).toBeLessThan(names.indexOf('operator')); // what is for few comes late
  const operation = page.getByRole('group').filter({ hasText: 'those under way, then the newest' });
  await operation.getByText('/api/runs', { exact: true }).click();
  await operation.getByLabel('limit').fill('1');
  await expect(operation.getByRole('figure', { name: 'With curl' })).toContainText('/api/runs?limit=1');
  await operation.getByRole('button', { name: 'Send' }).click();
  await expect(operation.getByRole('status')).toContainText('200 OK');
  await expect(operation.getByRole('figure', { name: 'What came back' })).toContainText('"messagesScanned"');
  await operation.getByRole('link', { name: 'RunPage' }).click();
  await expect(page.getByRole('figure', { name: 'RunPage' })).toContainText('items');
});

test('changes nothing before one says so', async ({ page, ask }) => {
  const writes: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') writes.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  await page.goto('/developers');
  const operation = page.getByRole('group').filter({ hasText: 'Changes what the viewer chose' });
  await operation.getByText('/api/me', { exact: true }).click();
  await operation.getByLabel('Body to send').fill('{"showsAgeRestricted": true}');
  await page.waitForLoadState('networkidle');
  expect(writes).toEqual([]);
  await operation.getByRole('button', { name: 'Send' }).click();
  await expect(operation.getByRole('status')).toContainText('200');
  expect(writes).toEqual(['PATCH /api/me']);
  await ask('/api/me', { method: 'PATCH', body: '{"showsAgeRestricted":false}' });
});
