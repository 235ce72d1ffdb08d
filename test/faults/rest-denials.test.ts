import { PermissionFlagsBits as bits } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { enqueueScan } from '../../src/jobs/enqueue-scan.ts';
import { ids } from '../sandbox/small-world.ts';
import { waitFor } from '../support/wait-for.ts';
import { endWaits, failedRuns, openRestStage, pagesAsked, untilComplete, untilParked } from './rest-stage.ts';

const unauthorized = { status: 401, body: { message: '401: Unauthorized', code: 0 } };

test('401 at the start ends the program, which says what to do', async () => {
  const stage = await openRestStage();
  await stage.fail({ ...unauthorized, route: '/users/@me' });
  const program = await stage.start();
  await expect(program.ended).rejects.toThrow(/set DISCORD_BOT_TOKEN/);
});

test('401 in the middle: nothing more is asked, the runs wait, and another token goes on', async () => {
  const stage = await openRestStage();
  await stage.fail(unauthorized);
  const refused = await stage.start();
  const parked = await untilParked(stage.db);
  expect(new Set(parked.map(({ reason }) => reason))).toEqual(new Set(['token_refused']));
  const asked = await pagesAsked(stage);
  await endWaits(stage.db);
  await untilParked(stage.db);
  expect(await pagesAsked(stage)).toBe(asked);
  await refused.stop();
  await stage.start();
  await endWaits(stage.db);
  await stage.settled();
});

test.each([
  ['403', { status: 403, body: { message: 'Missing Access', code: 50_001 } }, 'missing_access'],
  ['404', { status: 404, body: { message: 'Unknown Channel', code: 10_003 } }, 'channel_gone'],
])('%s ends one run with its reason, and another run makes up for it', async (_, fault, reason) => {
  const stage = await openRestStage();
  const channelId = stage.world.openIds[1] ?? ''; // a thread that is gone is forgotten with its runs
  await stage.fail({ ...fault, route: `/channels/${channelId}/messages` });
  await stage.start();
  await waitFor(async () => (await failedRuns(stage.db)).length > 0);
  expect(await failedRuns(stage.db)).toEqual([
    { channelId, message: expect.stringMatching(new RegExp(`^${reason}: `)) },
  ]);
  await stage.db.transaction((tx) => enqueueScan(tx, { channelId, requestedBy: 'person' }));
  await untilComplete(stage);
});

test('a permission that is taken away in the middle ends the run, and nothing unread counts as read', async () => {
  const stage = await openRestStage();
  await stage.start();
  const channelId = await stage.openRoom();
  const overwrite = { channel_id: channelId, id: ids.guild, type: 'role' };
  await stage.sandbox.control('overwrite', { ...overwrite, deny: String(bits.ReadMessageHistory) });
  await waitFor(async () => (await failedRuns(stage.db)).length > 0);
  expect(await failedRuns(stage.db)).toEqual([
    { channelId, message: expect.stringMatching(/^no_history_permission: /) },
  ]);
  await stage.sandbox.control('overwrite', overwrite);
  await untilComplete(stage);
});

test('a channel that is deleted in the middle of its scan takes nothing else with it', async () => {
  const stage = await openRestStage();
  await stage.start();
  const channelId = await stage.openRoom();
  await stage.sandbox.control('delete-channel', { channel_id: channelId });
  await untilComplete(stage);
});
