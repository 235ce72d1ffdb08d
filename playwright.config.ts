import { defineConfig } from '@playwright/test';
import { chromiumArguments, findChromium, missingChromium } from './test/browser/support/chromium.ts';

/** On a busy machine of two cores, where the whole program and the browser share them, all takes four times as long. */
const TEST_TIMEOUT_MS = 120_000;
const EXPECT_TIMEOUT_MS = 20_000; // the page asks again every ten seconds while nothing moves

const chromium = findChromium();
const isWorker = process.env.TEST_WORKER_INDEX !== undefined;
if (chromium === null && !isWorker) process.stderr.write(`${missingChromium}\n`);

/** The page in a real browser, on the whole program. Without a Chromium these tests are skipped, not failed. */
export default defineConfig({
  testDir: 'test/browser',
  testMatch: '**/*.test.ts',
  workers: 1,
  timeout: TEST_TIMEOUT_MS,
  expect: { timeout: EXPECT_TIMEOUT_MS },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 860 },
    screenshot: 'only-on-failure',
    launchOptions: { args: chromiumArguments, ...(chromium === null ? {} : { executablePath: chromium }) },
  },
});
