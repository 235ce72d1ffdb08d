import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { createLogger } from '../../src/lib/log.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import { findChromium, missingChromium } from './support/chromium.ts';
import type { Box } from './support/page-parts.ts';

/** Where the client waits; nothing listens there unless the test wants to know what comes. */
let callback = 'http://127.0.0.1:3000/auth/callback';
const PERMISSIONS = '66560'; // view channels, read their history

/** The pages of the sandbox's own OAuth, which is all of Discord that somebody who tries the program sees. */
const test = base.extend<{ sandbox: RunningSandbox; returned: Promise<URLSearchParams> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed
  sandbox: async ({}, use) => {
    const { signal } = new AbortController();
    const sandbox = await startSandbox({
      port: 0,
      world: generateWorld(1),
      log: createLogger('error'),
      signal,
    });
    await use(sandbox);
    await sandbox.close();
  },
  /** What the client is told in the end, once the browser has arrived there. */
  returned: async ({ page }, use) => {
    const client = createServer((_, response) => response.end('back')).listen(0, '127.0.0.1');
    await once(client, 'listening');
    callback = `http://127.0.0.1:${(client.address() as AddressInfo).port}/auth/callback`;
    const told = page.waitForURL((url) => url.href.startsWith(callback));
    await use(told.then(() => new URL(page.url()).searchParams));
    await told.catch(() => {});
    client.close();
    client.closeAllConnections();
  },
});

test.skip(findChromium() === null, missingChromium);

const installScope = { scope: 'bot identify guilds', permissions: PERMISSIONS };

async function openPage(page: Page, sandbox: RunningSandbox, params: Record<string, string>): Promise<void> {
  const query = new URLSearchParams({
    client_id: sandbox.clientId,
    response_type: 'code',
    redirect_uri: callback,
    state: 'the state',
    ...params,
  });
  await page.goto(`${sandbox.authorizeUrl}?${query}`);
}

for (const [width, colorScheme] of [
  [1280, 'light'],
  [375, 'dark'],
] as const) {
  test(`all pages are accessible, ${width} wide and ${colorScheme}`, async ({ page, sandbox }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const people = [...sandbox.world.users.values()];
    const idOf = (handle: string) => people.find(({ username }) => username === handle)?.id ?? '';
    for (const params of [
      { scope: 'identify guilds' },
      installScope,
      { ...installScope, as: idOf('mossbyte') },
      { ...installScope, as: idOf('dusk_heron') },
      { scope: 'nonsense' },
    ]) {
      await openPage(page, sandbox, params);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      const root = page.locator('html');
      expect(await root.evaluate((html: Box) => html.scrollWidth - html.clientWidth)).toBe(0);
    }
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('one logs in with the keyboard alone', async ({ page, sandbox, returned }) => {
    await openPage(page, sandbox, { scope: 'identify guilds' });
    await page.keyboard.press('Tab');
    await expect(page.getByRole('radio', { name: /Mossbyte/ })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: /Reed Piper.*New to Clipdex/ })).toBeChecked();
    await page.keyboard.press('Enter');
    const told = await returned;
    expect(told.get('state')).toBe('the state');
    expect(told.get('code')).toMatch(/./);
  });

  test('one of those folded away can be chosen, and one can think better of it', async ({
    page,
    sandbox,
    returned,
  }) => {
    await openPage(page, sandbox, { scope: 'identify guilds' });
    await page.getByText(/^Everybody else/).click();
    await page.getByText('@tofu_comet').click();
    await expect(page.getByRole('radio', { name: /Tofu Comet/ })).toBeChecked();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await returned).get('error')).toBe('access_denied');
  });

  test('one adds the bot to a server, with fewer permissions than asked for', async ({
    page,
    sandbox,
    returned,
  }) => {
    await openPage(page, sandbox, installScope);
    await page.getByRole('radio', { name: /Harbour Gull.*Can add Clipdex to Sunday Kites/ }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByText('You are Harbour Gull')).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Sunday Kites' })).toBeChecked();
    await expect(page.getByRole('radio', { name: 'Pixel Harbor' })).toBeDisabled();
    await page.getByRole('checkbox', { name: 'Read message history' }).uncheck();
    await page.getByRole('button', { name: 'Authorize' }).click();
    const told = await returned;
    expect(told.get('permissions')).toBe('1024');
    const kites = sandbox.world.guilds.get(told.get('guild_id') ?? '');
    expect(kites).toMatchObject({ name: 'Sunday Kites', botJoined: true });
  });
});

test('who logged in is who installs, unless they say otherwise', async ({ page, sandbox, returned }) => {
  await openPage(page, sandbox, { scope: 'identify guilds' });
  await page.getByRole('radio', { name: /Reed Piper/ }).check();
  await page.getByRole('button', { name: 'Authorize' }).click();
  await returned;
  await openPage(page, sandbox, { scope: 'identify guilds' });
  await expect(page.getByRole('radio', { name: /Reed Piper/ })).toBeChecked();
  await openPage(page, sandbox, installScope);
  await expect(page.getByText('You are Reed Piper')).toBeVisible();
  await page.getByRole('link', { name: 'Be somebody else' }).click();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
});
