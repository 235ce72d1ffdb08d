import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { listRuns } from '../../src/db/list-scan-runs.ts';
import { cancelScanRun } from '../../src/db/move-scan-run.ts';
import type { Channel, Run, Video } from '../../src/http/contract.ts';
import { createClipCdn } from '../http/fixtures/clip-cdn.ts';
import { ids, seedLibrary, videoCounts } from '../http/fixtures/library.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Outcome, runClipdex, startClipdex } from './run-clipdex.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const cdn = await createClipCdn();
  await seedLibrary(database.db, cdn);
  await cdn.close();
});

afterAll(() => database.close());

test('coverage tells of the channels of a guild, of threads that have holes, and of what was left out', async () => {
  const { db } = database;
  const [complete, open] = ['200000000000000031', '200000000000000032'];
  await db.query(sql`
    insert into bot_channels (channel_id, guild_id, name, type, is_reading, last_message_id) values
      (${complete}, ${ids.guild}, 'read through', 'public_thread', true, 5),
      (${open}, ${ids.guild}, 'half read', 'public_thread', true, 500)`);
  await db.query(sql`
    insert into channel_access (channel_id, parent_id)
    select id, ${ids.highlights} from unnest(${[complete, open]}::text[]) id`);
  await db.query(
    sql`insert into scan_coverage (channel_id, scanned) values (${complete}, '{[1,6)}'), (${open}, '{[1,6)}')`,
  );
  await db.query(sql`
    insert into skipped_files (channel_id, message_id, place, reason) values (${open}, 5, 'attachments.0', 'no_url')`);
  const { stdout } = await clipdex(['coverage', '--guild', ids.guild]);
  expect(stdout).toMatch(new RegExp(`^highlights .*\\n  half read +${open} +partial `, 'm'));
  expect(stdout).not.toContain(complete);
  expect(stdout).toContain('1 of 5 channels and threads are complete. Not listed: 1 complete thread.');
  expect(stdout).toContain('Left out, as Discord described them too badly: 1 file (no_url 1).');
  expect((await clipdex(['coverage', '--channel', open])).stdout).toContain(
    'do not come in at the moment: no gateway is connected (npm start), or the bot cannot see the channel',
  );
  expect(await jsonOf(['coverage', '--channel', open])).toMatchObject({
    threadOf: ids.highlights,
    skippedFiles: { no_url: 1 },
  });
  await db.query(sql`delete from bot_channels where channel_id = any(${[complete, open]})`);
});

describe('channels', () => {
  test('of a guild that the bot has left are not switched', async () => {
    const { code, stderr } = await runClipdex(['channels', 'read', 'off', ids.departed], {
      DATABASE_URL: database.url,
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`There is no channel ${ids.departed} here`),
    });
  });

  test('lists those that may be shown, with the name of their guild', async () => {
    const channels = await jsonOf<(Channel & { guildName: string })[]>(['channels']);
    expect(channels.map(({ id }) => id).sort()).toEqual([
      ids.clips,
      ids.highlights,
      ids.openAgeRestricted,
      ids.other,
    ]);
    expect(channels.find(({ id }) => id === ids.clips)).toMatchObject({
      guildId: ids.guild,
      guildName: 'Harbour Skate Club',
      name: 'clips',
      type: 'text',
      isReading: true,
      messageCount: '4200',
      lastScannedAt: null,
    });
    expect(await jsonOf<Channel[]>(['channels', '--guild', ids.otherGuild])).toMatchObject([
      { id: ids.other },
    ]);
  });

  test('is a table for people under each guild', async () => {
    const { stdout } = await clipdex(['channels', '--guild', ids.guild]);
    const [heading, titles] = stdout.split('\n');
    expect(heading).toBe(`Harbour Skate Club, guild ${ids.guild}`);
    expect(titles).toMatch(/^channel +id +type +reading +messages +videos +threads +last scanned$/);
    expect(stdout).toMatch(new RegExp(`^clips +${ids.clips} +text +yes +4,200 +\\d+ +– +–$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^slams +${ids.openAgeRestricted} +text +no `, 'm'));
  });
});

test.each([
  ['videos', '--guild', '1', 'There is no guild 1 here; "clipdex channels" lists what there is.'],
  ['runs', '--channel', '5', 'There is no channel 5 here; "clipdex channels" lists what there is.'],
  [
    'channels',
    '--guild',
    ids.departedGuild,
    `There is no guild ${ids.departedGuild} here; "clipdex channels"`,
  ],
  ['videos', '--channel', ids.departed, `There is no channel ${ids.departed} here`],
  ['videos', '--channel', ids.ageRestricted, `The channel ${ids.ageRestricted} is age-restricted`],
])('%s %s %s is told to be unknown', async (command, option, id, sentence) => {
  const { code, stdout, stderr } = await clipdex([command, option, id]);
  expect(stderr).toContain(sentence);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

describe('videos', () => {
  test('lists the newest first, 20 unless told', async () => {
    const videos = await jsonOf<Video[]>(['videos']);
    expect(videos).toHaveLength(20);
    const times = videos.map((video) => video.postedAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(videos[0]).toMatchObject({
      channelId: ids.clips,
      guildName: 'Harbour Skate Club',
      sizeBytes: expect.any(Number),
    });
  });

  test('is limited to a guild or a channel', async () => {
    expect(await jsonOf<Video[]>(['videos', '--guild', ids.otherGuild, '--limit', '99'])).toHaveLength(
      videoCounts.other,
    );
    expect(await jsonOf<Video[]>(['videos', '--channel', ids.highlights, '--limit', '7'])).toHaveLength(7);
  });

  test('is a table for people', async () => {
    const { code, stdout, stderr } = await clipdex(['videos', '--limit', '3']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^posted at +guild +channel +author +file +length +size +message$/);
    expect(lines[1]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d +Harbour Skate Club +clips .* [\d.]+ (bytes|kB|MB) +https:\/\/discord\.com\//,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('ends quietly when its reader goes away', async () => {
    await using running = await startClipdex(['videos', '--limit', '10000', '--json'], environment());
    const { stdout, stderr } = running.child;
    stdout?.destroy();
    expect(stderr && (await text(stderr))).toBe('');
    expect(await running.exited).toBe(0);
  });
});

describe('scan', () => {
  test.each([
    ['12345', 'channel_unknown', /There is no channel 12345/],
    [ids.departed, 'channel_unknown', /There is no channel/],
    [ids.ageRestricted, 'channel_age_restricted', /scan_nsfw/],
    [ids.openAgeRestricted, 'channel_not_reading', /Reading is switched off/],
  ])('of channel %s is refused: %s', async (channelId, reason, sentence) => {
    const { code, stdout, stderr } = await clipdex(['scan', channelId, '--json']);
    expect(JSON.parse(stderr)).toEqual({ error: { code: reason, message: expect.stringMatching(sentence) } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('queues a run with its bounds as asked, and tells it when no program would work it', async () => {
    const { code, stdout, stderr } = await clipdex(['scan', ids.clips, '--after', '999', '--before', '1000']);
    const [run] = await listRuns(database.db, 'everything', { channelId: ids.clips, limit: 1 });
    expect(run).toMatchObject({
      status: 'queued',
      afterMessageId: '999',
      beforeMessageId: '1000',
      requestedBy: 'person',
    });
    expect(stdout).toBe(`Queued run ${run?.id}.\n`);
    expect(stderr).toMatch(/No program works the queue/);
    expect(code).toBe(0);

    const again = await clipdex(['scan', ids.clips]);
    expect(again.stderr).toBe(
      `The run ${run?.id} of channel ${ids.clips} is queued already, with other bounds. ` +
        'No program works the queue, so it does not move: start one (npm start).\n',
    );
    expect(again.code).toBe(1);

    expect(await jsonOf<Run[]>(['runs', '--channel', ids.clips])).toMatchObject([
      { id: run?.id, status: 'queued' },
    ]);
    expect(await jsonOf<Run[]>(['runs', '--channel', ids.highlights])).toEqual([]);
    const table = await clipdex(['runs', '--guild', ids.guild]);
    expect(table.stdout).toMatch(
      /^asked at +channel +channel id +asked by +status .*\n.* clips +\d+ +person +queued /,
    );
  });

  test('Ctrl-C, though told twice, ends only the waiting', async () => {
    await using running = await startClipdex(['scan', ids.highlights, '--wait'], environment());
    await untilOutput(running.child.stdout, /Queued run/);
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.outcome();
    expect(stderr).toMatch(/Stopped waiting\. The run \S+ goes on/);
    expect(code).toBe(130);
    const [run] = await listRuns(database.db, 'everything', { channelId: ids.highlights, limit: 1 });
    expect(run?.status).toBe('queued');
  });

  test('joins the run that does the same, and tells its end in a sentence', async () => {
    const [run] = await listRuns(database.db, 'everything', { channelId: ids.highlights, limit: 1 });
    const runId = run?.id ?? '';
    await using running = await startClipdex(['scan', ids.highlights, '--wait'], environment());
    await untilOutput(running.child.stdout, new RegExp(`The run ${runId} reads this channel already`));
    await cancelScanRun(database.db, runId, 'missing_access: the bot cannot see this channel');
    expect(await running.exited).toBe(1);
    const table = await clipdex(['runs', '--channel', ids.highlights]);
    expect(table.stdout).toMatch(/ {2}The bot cannot see this channel$/m);
    expect(await jsonOf<Run[]>(['runs', '--channel', ids.highlights])).toMatchObject([
      { id: runId, errorMessage: 'missing_access: the bot cannot see this channel' },
    ]);
  });
});

test('a scan of a guild of which no channel is read says what may keep channels from it', async () => {
  const switchReading = (isReading: boolean) =>
    database.db.query(sql`update bot_channels set is_reading = ${isReading} where channel_id = ${ids.other}`);
  await switchReading(false);
  const { code, stdout } = await clipdex(['scan', '--guild', ids.otherGuild]);
  expect(stdout).toMatch(/^No channel can be scanned now: each is not read, has a run under way, or /);
  expect(code).toBe(0);
  await switchReading(true);
});

test('migrate says that there is nothing to do, or what it did', async () => {
  expect(await jsonOf(['migrate'])).toEqual({ applied: [] });
  const { stdout } = await clipdex(['migrate']);
  expect(stdout).toBe('The database is up to date.\n');
});

test('doctor tells what is well, what is not, and what to do', async () => {
  const { code, stdout } = await clipdex(['doctor']);
  expect(stdout).toMatch(/^ok {4}node: /);
  expect(stdout).toMatch(/^ok {4}database: PostgreSQL \d+/m);
  expect(stdout).toMatch(
    /^warn {2}program: No worker is running, so no run moves\. – Start one: npm start$/m,
  );
  expect(stdout).toMatch(/^ok {4}sandbox: No DISCORD_BOT_TOKEN is set/m);
  expect(code).toBe(0);
});

test('doctor does not wait for a server that is down', async () => {
  const env = {
    DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:9/none',
    DISCORD_BOT_TOKEN: 'abc',
    DISCORD_API_URL: 'http://127.0.0.1:9/api',
  };
  const { code, stdout, stderr } = await runClipdex(['doctor', '--json'], env);
  const failed = (JSON.parse(stdout) as { check: string; status: string }[]).filter(
    ({ status }) => status === 'fail',
  );
  expect(failed.map(({ check }) => check)).toEqual(['database', 'Discord']);
  expect(stdout + stderr).not.toContain('hunter2');
  expect(code).toBe(1);
});

function environment(): Record<string, string> {
  return { DATABASE_URL: database.url };
}

function clipdex(args: string[]): Promise<Outcome> {
  return runClipdex(args, environment());
}

async function jsonOf<Value>(args: string[]): Promise<Value> {
  const { code, stdout, stderr } = await clipdex([...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Value;
}

async function untilOutput(stream: NodeJS.ReadableStream | null, pattern: RegExp): Promise<void> {
  let seen = '';
  while (!pattern.test(seen)) {
    if (!stream) throw new Error('no stdout');
    const [chunk] = await once(stream, 'data');
    seen += chunk;
  }
}
