import { test as base, type ConsoleMessage, expect } from '@playwright/test';
import { findChromium, missingChromium } from './chromium.ts';
import { type RunningProgram, startProgram } from './start-program.ts';

export { expect } from '@playwright/test';

/** Tests of the page on a running program, which all tests of a worker share. A page that complains fails its test. */
export const test = base.extend<{ complaints: string[] }, { program: RunningProgram }>({
  program: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed
    async ({}, use) => {
      const program = await startProgram();
      await use(program);
      await program.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ program }, use) => use(program.url),
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => isComplaint(message) && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await use(complaints);
      expect(complaints, 'errors in the console, Content-Security-Policy violations included').toEqual([]);
    },
    { auto: true },
  ],
});

test.skip(findChromium() === null, missingChromium);

/** A file that the CDN refuses is Discord's everyday, and the page's to handle: the browser reports it all the same. */
function isComplaint(message: ConsoleMessage): boolean {
  const isRefusedFile =
    message.text().startsWith('Failed to load resource') && isFile(message.location().url);
  return message.type() === 'error' && !isRefusedFile;
}

function isFile(url: string): boolean {
  return /\/attachments\/|\/videos\/[^/]+\/(stream|poster)/.test(new URL(url).pathname);
}
