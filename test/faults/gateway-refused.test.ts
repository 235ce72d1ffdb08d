import { expect, onTestFinished, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { messageOf } from '../../src/lib/errors.ts';
import { ids } from '../sandbox/small-world.ts';
import { fastClock } from '../support/fast-clock.ts';
import { openFaultStage } from '../support/fault-stage.ts';
import { findDifferences } from '../support/truth.ts';
import { waitFor } from '../support/wait-for.ts';

const HURRY = 10; // times faster than the real waits of the program

async function openStage(seed: number) {
  const stage = await openFaultStage({ seed, program: { clock: fastClock(HURRY) } });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const program = await stage.start();
  await stage.settled();
  return { stage, program };
}

test.each([
  [4004, 'token_refused', /Set DISCORD_BOT_TOKEN/],
  [4014, 'message_content_not_enabled', /switch on "Message Content Intent"/],
])(
  'close code %i ends the program with what to do, and the next one makes all good',
  async (code, name, text) => {
    const { stage, program } = await openStage(code);
    const stopLoad = stage.load.begin('posts');
    await stage.openRoom();
    await stage.sandbox.control('drop-gateway', { code });
    const error = await program.ended.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: name });
    expect(messageOf(error)).toMatch(text);
    await stage.start();
    await stopLoad();
    await stage.settled();
  },
);

test('what comes without its content, live or by page, is not taken for read; with the intent back all is found', async () => {
  const { stage } = await openStage(6);
  const stopLoad = stage.load.begin('posts');
  await stage.sandbox.control('intents', { message_content: false });
  const [, channelId = ''] = stage.world.openIds;
  const author = [...stage.sandbox.world.users.values()].find((user) => !user.bot)?.id;
  const files = [{ filename: 'withheld.mp4', clip: 'test-card.mp4' }];
  await stage.sandbox.control('post', { channel_id: channelId, author_id: author, content: 'blank', files });
  const [closedId = ''] = stage.world.closedIds;
  await stage.sandbox.control('overwrite', { channel_id: closedId, id: ids.guild, type: 'role' });
  await waitFor(async () => {
    const [run] = await stage.db.query<{ error_message: string | null }>(sql`
      select error_message from bot_channel_scan_runs where channel_id = ${closedId} and status = 'failed'`);
    return run?.error_message?.startsWith('no_content_intent') === true;
  });
  await stage.sandbox.control('intents', { message_content: true });
  await stage.sandbox.control('gateway-invalidate', { resumable: false });
  await stopLoad();
  let left: string[] = [];
  await waitFor(async () => {
    const differences = await findDifferences(stage.db, stage.sandbox.world, stage.load.ledger);
    left = differences.filter((line) => !/^run: .*no_content_intent/.test(line));
    return left.length === 0;
  }).catch(() => expect(left).toEqual([]));
});
