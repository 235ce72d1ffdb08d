import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doors } from '../../src/http/routes.ts';
import { waitFor } from '../support/wait-for.ts';
import { newTally } from './matrix/ask.ts';
import {
  askAllThatChanges,
  askAllThatTells,
  caseOf,
  expectNone,
  isKnownMember,
  kick,
  report,
} from './matrix/ask-all.ts';
import { cases } from './matrix/cases.ts';
import { endOwnSessions } from './matrix/end-own-sessions.ts';
import { doorKey } from './matrix/question.ts';
import { openStage, type Stage } from './matrix/stage.ts';

/*
 * Rule 8: no viewer learns of a guild, channel, video, author or count that Discord would not show them. Every door is
 * asked by every kind of viewer about every object, in every place where an id goes, and compared with an oracle that
 * knows only the sandbox's own permissions. Where many are alike, the comments of the cases say which stand for all.
 */

const MATRIX_TIMEOUT_MS = 900_000; // a minute or two where nothing else runs
const STAGE_TIMEOUT_MS = 180_000;

let stage: Stage;
const tally = newTally();
beforeAll(async () => {
  stage = await openStage({ hasMembersIntent: true });
}, STAGE_TIMEOUT_MS);
afterAll(async () => {
  report('access matrix', tally);
  await stage?.close();
});

describe('the list of cases', () => {
  test('has one for every door, and no other', () => {
    expect(Object.keys(cases).sort()).toEqual(doors.map(doorKey).sort());
  });

  test.each(doors.map((door) => [doorKey(door), door] as const))(
    'asks %s for all that it takes',
    (_, door) => {
      const questions = caseOf(door)(stage);
      const asked = new Set(questions.flatMap(({ path, query }) => Object.keys({ ...path, ...query })));
      const taken = [...Object.keys(door.action.path), ...Object.keys(door.action.query)];
      expect(taken.filter((name) => !asked.has(name) && !unbelieved.has(name))).toEqual([]);
      expect(questions.some(({ body }) => body !== undefined)).toBe(door.action.body !== null);
    },
  );
});

/** Of what Discord sends along with a browser: nothing of it is believed, and `guild_id` stands for it. */
const unbelieved = new Set(['error_description', 'permissions']);

describe('each viewer', () => {
  test(
    'learns by the doors that tell what Discord shows them, and nothing else',
    async () => expectNone(await askAllThatTells(stage, stage.viewers, tally)),
    MATRIX_TIMEOUT_MS,
  );

  test(
    'changes what they manage, and learns of nothing else by it',
    async () => expectNone(await askAllThatChanges(stage, stage.viewers, tally)),
    MATRIX_TIMEOUT_MS,
  );

  test(
    'is shown nothing more of a guild as soon as the gateway tells that they were kicked',
    async () => {
      const kicked = stage.viewer('kicked');
      await kick(stage, kicked);
      await waitFor(async () => !(await isKnownMember(stage, kicked)));
      expectNone(await askAllThatTells(stage, [kicked], tally));
      expectNone(await askAllThatChanges(stage, [kicked], tally));
    },
    MATRIX_TIMEOUT_MS,
  );

  test('ends sessions and tokens of their own, and of nobody else', async () => {
    for (const name of ['plain', 'manager']) expectNone(await endOwnSessions(stage, stage.viewer(name)));
  });
});
