import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Box } from './support/page-parts.ts';
import { expect, loggedOut, test } from './support/page-test.ts';
import { findGuild } from './support/world.ts';

const looks = [
  { width: 1280, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
] as const;

/** Pages by their address, with the heading that says that they are there. */
const openPages: [path: string, heading: RegExp][] = [
  ['/', /Every video of your Discord servers/],
  ['/login?outcome=refused', /Every video of your Discord servers/],
  ['/install/outcome?outcome=wrong_guild&guild_id=GUILD', /another server/],
  ['/developers', /^API$/],
];
const viewerPages: [path: string, heading: RegExp][] = [
  ['/?guild=GUILD', /Chalk & Wheels/],
  ['/account', /^Account$/],
  ['/install', /^Add Clipdex to a server$/],
  ['/install?guild_id=GUILD', /in that server already/],
  ['/guilds/GUILD/setup', /is set up$/],
  ['/guilds/GUILD/settings', /^Settings of/],
  ['/operator', /^Operator$/],
  ['/developers', /^API$/],
];

for (const { width, colorScheme } of looks) {
  test.describe(`${width} px, ${colorScheme}`, () => {
    test.use({ viewport: { width, height: 800 }, colorScheme });

    for (const [path, heading] of viewerPages) {
      test(`${path} is accessible and fits`, async ({ page, program }) => {
        await open(page, path, heading, (await findGuild(program, 'Chalk & Wheels')).id);
        await expectAccessible(page);
      });
    }

    test.describe('logged out', () => {
      test.use(loggedOut);

      for (const [path, heading] of openPages) {
        test(`${path} is accessible and fits`, async ({ page, program }) => {
          await open(page, path, heading, (await findGuild(program, 'Chalk & Wheels')).id);
          await expectAccessible(page);
        });
      }
    });
  });
}

async function open(page: Page, path: string, heading: RegExp, guildId: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(path.replace('GUILD', guildId));
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeAttached();
  await page.waitForLoadState('networkidle');
}

async function expectAccessible(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const overflow = await page
    .locator('html')
    .evaluate(({ scrollWidth, clientWidth }: Box) => scrollWidth - clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}
