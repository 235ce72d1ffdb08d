import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type { IndexPass } from '../../src/http/contract.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { IndexStage } from '../support/index-stage.ts';
import { startProgram } from '../support/program.ts';
import { runClipdex } from './run-clipdex.ts';

let stage: IndexStage;
beforeAll(async () => {
  stage = await IndexStage.open(smallWorld());
  await stage.addGuild(ids.guild);
});
afterAll(() => stage.close());

const scan = (...args: string[]) => runClipdex(['scan', ...args], { DATABASE_URL: stage.databaseUrl });

test('scan --index-only queues a pass, and finds the one that is queued already', async () => {
  const first = await scan('--guild', ids.guild, '--index-only', '--json');
  const pass: IndexPass = JSON.parse(first.stdout);
  expect(pass).toMatchObject({
    guildId: ids.guild,
    status: 'queued',
    requestedBy: 'person',
    videosFound: '0',
  });
  const second = await scan('--guild', ids.guild, '--index-only');
  expect(second.stdout).toBe(`The index pass ${pass.id} asks for this guild already.\n`);
  expect(second.stderr).toContain('No program works the queue');
  expect(second.code).toBe(0);
});

test('runs cancel ends a pass, once', async () => {
  const { stdout } = await scan('--guild', ids.guild, '--index-only', '--json');
  const { id }: IndexPass = JSON.parse(stdout);
  const cancel = (...args: string[]) =>
    runClipdex(['runs', 'cancel', id, ...args], { DATABASE_URL: stage.databaseUrl });
  const canceled = await cancel('--json');
  expect(JSON.parse(canceled.stdout)).toMatchObject({ id, status: 'canceled', reason: 'canceled' });
  expect((await cancel()).stdout).toBe(`The index pass ${id} has ended already: it was canceled.\n`);
});

test('with --wait it ends with the pass, and reads no history', async () => {
  await stage.db.query(sql`delete from index_passes`);
  await stage.db.query(sql`update guild_settings set settings = '{"auto_scan": false}'`);
  const program = await startProgram(stage.databaseUrl, stage.sandbox, { ROLES: 'worker' });
  try {
    const { code, stdout } = await scan('--guild', ids.guild, '--index-only', '--wait');
    expect(stdout).toMatch(/^The search index told of 25 new videos in 25 messages\./m);
    expect(code).toBe(0);
    const nothing = await scan('--guild', ids.guild, '--index-only', '--wait');
    expect(nothing.stdout).toContain('The search index told of nothing that is not known already.');
    const again = await scan('--guild', ids.guild, '--index-only', '--wait', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      status: 'succeeded',
      reason: 'start_reached',
      videosFound: '0',
    });
    await stage.sandbox.control('intents', { message_content: false });
    const failed = await scan('--guild', ids.guild, '--index-only', '--wait');
    expect(failed.stdout).toContain('The index pass has failed');
    expect(failed.stdout).toContain('Message Content Intent');
    expect(failed.code).toBe(1);
  } finally {
    await program.stop();
  }
  expect(await stage.db.query(sql`select from bot_channel_scan_runs`)).toHaveLength(0);
});

test.each([
  [['--index-only'], 2, /--index-only|Name what to scan/],
  [['--index-only', ids.general], 2, /--index-only asks the search index of a guild/],
  [['--index-only', '--guild', ids.guild, '--after', '5'], 2, /bounds in a channel/],
  [['--index-only', '--guild', '999'], 1, /There is no guild 999 here/],
])('scan %j is refused', async (args, code, message) => {
  const refused = await scan(...args);
  expect(refused.stderr).toMatch(message);
  expect(refused).toMatchObject({ code, stdout: '' });
});

test('index_first is a setting of a guild, and of no channel', async () => {
  const set = (...place: string[]) =>
    runClipdex(['settings', 'set', 'index_first=false', ...place], { DATABASE_URL: stage.databaseUrl });
  const refused = await set('--channel', ids.general);
  expect(refused.stderr).toContain('index_first is a setting of a guild: a channel cannot have its own.');
  expect(refused.code).not.toBe(0);
  expect(await set('--guild', ids.guild, '--json')).toMatchObject({ code: 0 });
  const [row] = await stage.db.query<{ index_first: boolean }>(sql`
    select settings -> 'index_first' as index_first from guild_settings where guild_id = ${ids.guild}`);
  expect(row).toEqual({ index_first: false });
});
