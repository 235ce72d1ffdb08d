import { sql } from '../../src/db/database.ts';
import type { Door } from '../../src/http/door.ts';
import { doors } from '../../src/http/routes.ts';
import { attachmentId, ids } from '../sandbox/small-world.ts';
import type { TestBrowser } from '../support/test-browser.ts';
import type { AttackStage } from './attack-stage.ts';

export type Knock = { method: string; path: string; body: unknown };

/** What doors that change something are given, so that they would do so if they opened; others get no body. */
const bodies: Record<string, unknown> = {
  'PATCH /api/me': { showsAgeRestricted: true },
  'POST /api/tokens': { name: 'mine', scope: 'manage', expiresInDays: null },
  'POST /api/installs': { guildId: ids.otherGuild },
  'PATCH /api/guilds/:id/settings': { prefix: '$' },
  'PUT /api/guilds/:id/settings': { prefix: '$' },
  'PATCH /api/guilds/:id/channels': { channelIds: [ids.general], isReading: false },
  'POST /api/guilds/:id/setup': { channelIds: [ids.general], scan: true },
  'PATCH /api/channels/:id': { isReading: false },
  'PATCH /api/channels/:id/settings': { scan_nsfw: true },
  'PUT /api/channels/:id/settings': { scan_nsfw: true },
  'POST /api/channels/:id/runs': {},
};

/** Every door that changes something, as somebody who manages everything would knock at it. */
export async function changingKnocks(stage: AttackStage, browser: TestBrowser): Promise<Knock[]> {
  const objects = await findObjects(stage, browser);
  return doors
    .filter(({ method }) => method !== 'GET')
    .map((door) => ({
      method: door.method,
      path: fillIn(door, objects),
      body: bodies[`${door.method} ${door.path}`],
    }));
}

/** Every door that only shows something. */
export async function lookingKnocks(stage: AttackStage, browser: TestBrowser): Promise<Knock[]> {
  const objects = await findObjects(stage, browser);
  return doors
    .filter(({ method }) => method === 'GET')
    .map((door) => ({ method: 'GET', path: fillIn(door, objects), body: undefined }));
}

type Objects = Record<string, string>;

/** Of each kind one that the browser's viewer may do everything with. */
async function findObjects({ db }: AttackStage, browser: TestBrowser): Promise<Objects> {
  const token = await browser.send('POST', '/api/tokens', {
    name: 'old',
    scope: 'read',
    expiresInDays: null,
  });
  const sessions = await browser.read<{ items: { id: string }[] }>('/api/sessions');
  const [run] = await db.query<{ id: string }>(sql`select id from bot_channel_scan_runs limit 1`);
  return {
    guilds: ids.guild,
    channels: ids.general,
    videos: attachmentId(10),
    runs: run?.id ?? '',
    sessions: sessions.items[0]?.id ?? '',
    tokens: ((await token.json()) as { id: string }).id,
    jobs: 'purge_install_intents',
  };
}

function fillIn({ path }: Door, objects: Objects): string {
  return path.replace(/([a-z]+)\/:\w+/, (_, noun: string) => `${noun}/${objects[noun] ?? 'unknown'}`);
}
