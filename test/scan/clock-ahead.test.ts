import { expect, test } from 'vitest';
import { idAt as snowflakeAt } from '../../src/sandbox/ids.ts';
import { jumpingClock } from '../support/fast-clock.ts';
import { aHistory, aMessage, idAt } from '../support/other-discord-payloads.ts';
import { openStage } from '../support/other-discord-stage.ts';
import { startProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR_MS = 3_600_000;

test('with a clock that is an hour ahead, a walk still claims no message that has yet to appear', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  const room = idAt('2024-01-01T00:00:00Z');
  const newest = snowflakeAt(Date.now());
  const late = String(BigInt(newest) - 1n); // made before the newest, and shown after it
  discord.addChannel(room, [...aHistory(room, 150), aMessage(room, newest)]);
  discord.hooks.channel = (channel) => ({ ...channel, last_message_id: null }); // only a page tells of the newest
  discord.hooks.beforePage = (nth) => {
    if (nth === 2) discord.post(room, late);
  };
  const clock = jumpingClock();
  clock.jump(HOUR_MS);
  const program = await startProgram(stage.url, discord, {}, { clock });
  try {
    await waitFor(() => discord.pages > 1);
    await stage.settled();
  } finally {
    await program.stop();
  }
  expect(await stage.libraryOf(room)).toEqual({ messageCount: 152, videoCount: 152, uncoveredIds: [] });
});
