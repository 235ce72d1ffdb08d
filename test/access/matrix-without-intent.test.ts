import { afterAll, beforeAll, expect, test } from 'vitest';
import { newTally } from './matrix/ask.ts';
import {
  askAllThatChanges,
  askAllThatTells,
  expectNone,
  isKnownMember,
  kick,
  report,
} from './matrix/ask-all.ts';
import { openStage, type Stage } from './matrix/stage.ts';
import { letTimePass } from './matrix/time-passes.ts';

/* Where the gateway does not tell of members, Discord is asked: for an act after a minute, for what is shown after five. */

const MATRIX_TIMEOUT_MS = 600_000;
const STAGE_TIMEOUT_MS = 180_000;
const ACT_SECS = 60; // so new roles must be for an act …
const SIGHT_SECS = 300; // … and for what is shown

let stage: Stage;
const tally = newTally();
beforeAll(async () => {
  stage = await openStage({ hasMembersIntent: false });
}, STAGE_TIMEOUT_MS);
afterAll(async () => {
  report('access matrix without the intent for members', tally);
  await stage?.close();
});

test(
  'somebody who was kicked manages nothing after a minute, and is shown nothing after five',
  async () => {
    const kicked = stage.viewer('kicked');
    const settings = `/api/guilds/${stage.matrix.guilds.main.id}/settings`;
    await stage.act(kicked, 'PATCH', settings, {});
    await kick(stage, kicked);
    expect(await isKnownMember(stage, kicked)).toBe(true);
    await letTimePass(stage.db, kicked.userId ?? '', ACT_SECS + 1);
    await expect(stage.act(kicked, 'PATCH', settings, {})).rejects.toThrow('manage_guild_missing');
    await letTimePass(stage.db, kicked.userId ?? '', SIGHT_SECS);
    expectNone(await askAllThatTells(stage, [kicked], tally));
    expectNone(await askAllThatChanges(stage, [kicked], tally));
  },
  MATRIX_TIMEOUT_MS,
);

test(
  'somebody who lost a role is shown nothing by it after five minutes',
  async () => {
    const { people, guilds } = stage.matrix;
    const insider = stage.viewer('insider');
    const [roleId] = guilds.main.members.get(people.insider.id)?.roles ?? [];
    await stage.act(insider, 'GET', '/api/guilds');
    const fields = { guild_id: guilds.main.id, user_id: people.insider.id, role_id: roleId };
    await stage.sandbox.control('take-role', fields);
    stage.oracle.forget();
    await letTimePass(stage.db, people.insider.id, SIGHT_SECS);
    expectNone(await askAllThatTells(stage, [insider], tally));
  },
  MATRIX_TIMEOUT_MS,
);
