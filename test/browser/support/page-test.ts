import { type BrowserContext, test as base, type ConsoleMessage, expect, type Page } from '@playwright/test';
import { findChromium, missingChromium } from './chromium.ts';
import { logIn, operator } from './log-in.ts';
import { type RunningProgram, startProgram } from './start-program.ts';
import { waitUntilRead } from './wait-until-read.ts';

export { expect } from '@playwright/test';

/** Asks the API as the operator. */
export type Ask = <Answer>(path: string, init?: RequestInit) => Promise<Answer>;

type Session = { state: Awaited<ReturnType<BrowserContext['storageState']>>; ask: Ask };

type TestFixtures = {
  complaints: string[];
  ask: Ask;
  /** A browser of its own in which somebody has logged in, at an address of Clipdex. */
  openAs: (handle: string, path: string) => Promise<Page>;
};

/** Whoever is not logged in: for `test.use`. */
export const loggedOut = { storageState: { cookies: [], origins: [] } };

/**
 * Tests of the page on a running program, which all tests of a worker share once all history is read. They are logged in
 * as the operator, who did that once, through the pages. A page that complains fails its test.
 */
export const test = base.extend<TestFixtures, { program: RunningProgram; session: Session }>({
  program: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed
    async ({}, use) => {
      const program = await startProgram({ OPERATOR_IDS: operator.id });
      await use(program);
      await program.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  session: [
    async ({ browser, program }, use) => {
      const context = await browser.newContext({ baseURL: program.url });
      const page = await context.newPage();
      await page.goto('/');
      await logIn(page, operator.handle);
      const state = await context.storageState();
      await context.close();
      const ask = createAsk(program.url, state);
      await waitUntilRead(ask);
      await use({ state, ask });
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ program }, use) => use(program.url),
  storageState: async ({ session }, use) => use(session.state),
  ask: async ({ session }, use) => use(session.ask),
  complaints: [
    async ({ page, program }, use) => {
      const complaints: string[] = [];
      listen(page, program.url, complaints);
      await use(complaints);
      expect(complaints, 'errors in the console, Content-Security-Policy violations included').toEqual([]);
    },
    { auto: true },
  ],
  openAs: async ({ browser, program, complaints }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (handle, path) => {
      const context = await browser.newContext({ ...loggedOut, baseURL: program.url });
      contexts.push(context);
      const page = await context.newPage();
      listen(page, program.url, complaints);
      await page.goto(path);
      await logIn(page, handle);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

test.skip(findChromium() === null, missingChromium);

function createAsk(url: string, { cookies }: Session['state']): Ask {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return async <Answer>(path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { cookie, origin: url, 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}

function listen(page: Page, url: string, complaints: string[]): void {
  page.on('console', (message) => isComplaint(message, url) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
}

/**
 * The browser reports whatever is refused. Files that the CDN refuses are Discord's everyday, and the page's to handle;
 * that nobody is logged in, it learns from a refusal.
 */
function isComplaint(message: ConsoleMessage, url: string): boolean {
  if (message.type() !== 'error') return false;
  if (!message.text().startsWith('Failed to load resource')) return true;
  const { origin, pathname } = new URL(message.location().url);
  return origin === url && !/^\/videos\/[^/]+\/(stream|poster)$|^\/api\/me$/.test(pathname);
}
