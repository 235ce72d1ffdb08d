import type { Locator, Page } from '@playwright/test';
import type { Page as ListPage, Video } from '../../src/http/contract.ts';
import { hostileMarkup } from '../access/hostile-texts.ts';
import { cards, player } from './support/page-parts.ts';
import { type Ask, expect, test } from './support/page-test.ts';
import type { RunningProgram } from './support/start-program.ts';
import { readWorld } from './support/world.ts';

const READ_TIMEOUT_MS = 60_000;
const QUIET_GUILD = 1; // of the world; the first one is that of the other tests
const [script] = hostileMarkup;

type Stage = { guildId: string; videos: Video[]; restore(): Promise<void> };

/** A server, its channels, a member, their files and captions, a token and a setting, all of them with names that attack. */
async function nameEverything({ control, ...program }: RunningProgram, ask: Ask): Promise<Stage> {
  const guild = (await readWorld({ control, ...program })).guilds[QUIET_GUILD];
  const userId = guild?.members[0]?.user_id;
  if (!guild || !userId) throw new Error('the sandbox has no such guild');
  const guildId = guild.id;
  await control('update-guild', { guild_id: guildId, name: script });
  await control('update-user', { user_id: userId, username: script, global_name: script });
  const channelIds: unknown[] = [];
  for (const text of hostileMarkup) {
    const { channel_id } = await control('create-channel', { guild_id: guildId, name: text, type: 'text' });
    const files = [{ clip: 'test-card.mp4', filename: `${text}.mp4` }];
    await control('post', { channel_id, author_id: userId, content: text, files });
    channelIds.push(channel_id);
  }
  const tokens: { id: string }[] = [];
  for (const name of hostileMarkup) {
    const body = JSON.stringify({ name, scope: 'read', expiresInDays: 1 });
    tokens.push(await ask('/api/tokens', { method: 'POST', body }));
  }
  const setPrefix = (prefix: string | null) =>
    ask(`/api/guilds/${guildId}/settings`, { method: 'PATCH', body: JSON.stringify({ prefix }) });
  await setPrefix('"><b>');
  const list = () => ask<ListPage<Video>>(`/api/videos?guild_id=${guildId}&limit=100`);
  const own = async () => (await list()).items.filter(({ channelId }) => channelIds.includes(channelId));
  await expect
    .poll(async () => (await own()).length, { timeout: READ_TIMEOUT_MS })
    .toBe(hostileMarkup.length);
  return {
    guildId,
    videos: await own(),
    async restore() {
      await control('update-guild', { guild_id: guildId, name: guild.name });
      await control('update-user', { user_id: userId, username: 'restored', global_name: 'Restored' });
      await setPrefix(null);
      for (const { id } of tokens) await ask(`/api/tokens/${id}`, { method: 'DELETE' }).catch(() => {}); // nothing is answered;
      for (const channel_id of channelIds) await control('delete-channel', { channel_id });
    },
  };
}

/** What was loaded from elsewhere, asked, or run. */
function watch(page: Page, program: RunningProgram): string[] {
  const attacks: string[] = [];
  page.on('dialog', (dialog) => attacks.push(`dialog ${dialog.message()}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.hostname.endsWith('evil.example')) attacks.push(`request ${url.href}`);
  });
  page.on('framenavigated', (frame) => {
    const { origin } = new URL(frame.url());
    if (frame.url() !== 'about:blank' && origin !== new URL(program.url).origin)
      attacks.push(`went to ${origin}`);
  });
  return attacks;
}

/** That the page is there, and that nothing of it runs, loads or leads elsewhere. */
async function visit(page: Page, path: string, shown: Locator): Promise<void> {
  await page.goto(path);
  await expect(shown, path).toBeVisible();
  expect(await page.evaluate('globalThis.attacked'), path).toBeUndefined();
  expect(await page.locator('script:not([src]), iframe, base, [onerror], [onload]').count(), path).toBe(0);
  expect(await page.locator('a[href^="javascript:" i]').count(), path).toBe(0);
}

test('names that attack are text on every page', async ({ page, program, ask }) => {
  test.slow();
  const attacks = watch(page, program);
  const { guildId, videos, restore } = await nameEverything(program, ask);
  try {
    for (const { id, caption } of videos) {
      await visit(
        page,
        `/videos/${id}`,
        player(page)
          .getByText(caption ?? '', { exact: true })
          .first(),
      );
    }
    await visit(page, `/?guild=${guildId}`, cards(page).filter({ hasText: script }).first());
    for (const path of ['/account', '/install', `/guilds/${guildId}/settings`, `/guilds/${guildId}/setup`]) {
      await visit(page, path, page.getByRole('main').getByText(script).first());
    }
  } finally {
    await restore();
  }
  expect(attacks).toEqual([]);
});

test('addresses that attack lead to pages that say what is wrong', async ({ page, program, complaints }) => {
  const attacks = watch(page, program);
  for (const path of pathsOf(script)) await visit(page, path, page.locator('main, [role=dialog]').first());
  expect(attacks).toEqual([]);
  const refused = /^Failed to load resource: the server responded with a status of 40[04]/; // as it should
  complaints.splice(0, complaints.length, ...complaints.filter((each) => !refused.test(each)));
});

/** Addresses that somebody could be sent. */
function pathsOf(text: string): string[] {
  const value = encodeURIComponent(text);
  return [
    `/login?outcome=${value}&return_to=javascript:globalThis.attacked=9`,
    `/install?guild_id=${value}`,
    `/install/outcome?outcome=${value}&guild_id=${value}`,
    `/?guild=${value}&channel=${value}`,
    `/videos/${value}`,
    `/guilds/${value}/setup`,
    `/${value}`,
  ];
}
