import { ChannelType } from 'discord-api-types/v10';
import { holdsMessages, isThread } from '../../../src/sandbox/channels.ts';
import { compareFields, compareIds } from './compare.ts';
import * as expected from './expected.ts';
import { ownSettings, settingsFields } from './expected-settings.ts';
import { MISSING_UUID, uuids } from './objects.ts';
import { type Case, type Expected, hidden, json, problem, type Question } from './question.ts';
import { ofChannels, ofGuilds } from './read-cases.ts';
import { kindOf } from './sampling.ts';
import type { Stage } from './stage.ts';
import { forgetRuns, inheritAgain, switchBack } from './undo.ts';
import type { Viewer } from './viewers.ts';

const SOME_THREADS = 6;

type Place = ReturnType<Stage['oracle']['placeOf']>;

/** The doors that change something of a guild. What is asked leaves all as it was, or is undone. */
export const changeCases: Record<string, Case> = {
  'PATCH /api/guilds/:id/settings': (stage) => guildSettings(stage, () => ({})),
  'PUT /api/guilds/:id/settings': (stage) =>
    guildSettings(stage, (id) => {
      const guild = stage.oracle.guild(id);
      return guild ? ownSettings(stage, { guild }) : {};
    }),
  'PATCH /api/guilds/:id/channels': switchQuestions,
  'POST /api/guilds/:id/runs': (stage) =>
    ofGuilds(stage, (viewer, guild) =>
      managed(stage, viewer, guild.id, () =>
        json(({ runIds }) => compareRuns(stage, viewer, guild.id, runIds), 202),
      ),
    ).map((question) => ({ ...question, undo: () => forgetRuns(stage) })),
  'POST /api/guilds/:id/setup': setupQuestions,
  'PATCH /api/channels/:id': (stage) =>
    ofChannels(stage, (viewer, place) =>
      managed(stage, viewer, place.guild.id, () =>
        json((body) => compareFields('channel', expected.channelFields(stage, viewer, place), body)),
      ),
    ).map((question) => ({
      ...question,
      body: { isReading: stage.facts.readingIds.has(question.path?.id ?? '') },
    })),
  'PATCH /api/channels/:id/settings': (stage) => channelSettings(stage, () => ({})),
  'PUT /api/channels/:id/settings': (stage) => channelSettings(stage, (place) => ownSettings(stage, place)),
  'POST /api/channels/:id/runs': scanQuestions,
  'POST /api/runs/:id/cancel': (stage) =>
    ofRuns(stage, (id) => {
      const isOver = stage.facts.runs.get(id)?.status !== 'queued';
      if (isOver) return problem(409, 'run_ended');
      return json((body) =>
        compareFields('run', { ...expected.runFields(stage, id), status: 'canceled' }, body),
      );
    }).map((question) => ({ ...question, undo: ({ channelId }) => queueAgain(stage, channelId) })),
  'POST /api/runs/:id/retry': (stage) =>
    ofRuns(stage, (id) => expectRetry(stage, id)).map((question) => ({
      ...question,
      undo: () => forgetRuns(stage),
    })),
};

/** Seen, but not managed: that is said. */
function managed({ oracle }: Stage, viewer: Viewer, guildId: string, then: () => Expected): Expected {
  return oracle.manages(viewer, guildId) ? then() : problem(403, 'manage_guild_missing');
}

function guildSettings(stage: Stage, bodyFor: (id: string) => object): Question[] {
  return ofGuilds(stage, (viewer, guild) =>
    managed(stage, viewer, guild.id, () =>
      json((body) => compareFields('settings', settingsFields(stage, { guild }), body)),
    ),
  ).map((question) => ({ ...question, body: bodyFor(question.path?.id ?? '') }));
}

function channelSettings(stage: Stage, bodyFor: (place: Place) => object): Question[] {
  const { oracle } = stage;
  const known = new Set(oracle.places.map(({ entry }) => entry.channel.id));
  return ofChannels(stage, (viewer, place) =>
    managed(stage, viewer, place.guild.id, () =>
      json((body) => compareFields('settings', settingsFields(stage, place), body)),
    ),
  ).map((question) => {
    const id = question.path?.id ?? '';
    return { ...question, body: known.has(id) ? bodyFor(oracle.placeOf(id)) : {} };
  });
}

/** Each channel in its own guild; of other guilds one. And one that is really switched, with its threads, and back. */
function switchQuestions(stage: Stage): Question[] {
  const { matrix, oracle, facts } = stage;
  const { general } = matrix.channels;
  const ask = (guildId: string, channelIds: string[], isReading: boolean, kind?: string): Question => ({
    path: { id: guildId },
    kind,
    body: { channelIds, isReading },
    expect: (viewer) =>
      expectChosen(
        stage,
        viewer,
        guildId,
        channelIds,
        (place) => !isThread(place.entry.channel),
        () =>
          json(({ switchedIds, canceledCount, queuedCount }) => [
            ...switchedIds
              .filter((id: string) => !oracle.seesChannel(viewer, id))
              .map((id: string) => `tells of ${id}`),
            ...(canceledCount + queuedCount <= switchedIds.length ? [] : ['counts what is not told']),
          ]),
      ),
    missing: missingChosen(stage, { isReading }),
    undo: () => switchBack(stage),
  });
  return [
    ...chosenPairs(stage).map(([guildId, id, kind]) => ask(guildId, [id], facts.readingIds.has(id), kind)),
    ask(matrix.guilds.main.id, [general.channel.id, hiddenIdOf(stage)], true),
    ask(matrix.guilds.main.id, [general.channel.id], false),
  ];
}

/** Threads are never among the channels of a body: some stand for all. */
function someThreads({ oracle }: Stage): Set<string> {
  const threads = oracle.places.filter(({ entry }) => isThread(entry.channel));
  return new Set(threads.slice(0, SOME_THREADS).map(({ entry }) => entry.channel.id));
}

function setupQuestions(stage: Stage): Question[] {
  const { matrix } = stage;
  const ask = (guildId: string, channelIds: string[], scan: boolean, kind?: string): Question => ({
    path: { id: guildId },
    kind,
    body: { channelIds, scan },
    expect: (viewer) =>
      expectChosen(stage, viewer, guildId, channelIds, isOffered, () =>
        json(
          ({ runIds }) =>
            scan ? compareRuns(stage, viewer, guildId, runIds) : compareIds('runs', [], runIds),
          202,
        ),
      ),
    missing: missingChosen(stage, { scan }),
    undo: async () => {
      for (const id of channelIds) await inheritAgain(stage, id);
      await switchBack(stage);
    },
  });
  const { general } = matrix.channels;
  return [
    ...chosenPairs(stage).map(([guildId, id, kind]) => ask(guildId, [id], false, kind)),
    ask(matrix.guilds.main.id, [general.channel.id, hiddenIdOf(stage)], false),
    ask(matrix.guilds.main.id, [general.channel.id], true),
  ];
}

function isOffered({ entry: { channel } }: Place): boolean {
  return !isThread(channel) && channel.type !== ChannelType.GuildCategory;
}

type Pair = [guildId: string, channelId: string, kind: string];

/** Guild and channel of a body: all that belong together, and what does not. */
function chosenPairs(stage: Stage): Pair[] {
  const { matrix, oracle } = stage;
  const threads = someThreads(stage);
  const own = oracle.places
    .filter(({ entry: { channel } }) => !isThread(channel) || threads.has(channel.id))
    .map(({ guild, entry: { channel } }) => [guild.id, channel.id, kindOf(stage, channel.id)] as Pair);
  const guildIds = [...matrix.world.guilds.keys(), matrix.missingId];
  const { general } = matrix.channels;
  const elsewhere = oracle.places.find(({ guild }) => guild === matrix.guilds.second);
  const crossed = guildIds.flatMap((guildId) =>
    [general.channel.id, elsewhere?.entry.channel.id ?? '', matrix.missingId, guildId].map(
      (id): Pair => [guildId, id, 'crossed'],
    ),
  );
  return [...own, ...crossed];
}

function expectChosen(
  stage: Stage,
  viewer: Viewer,
  guildId: string,
  channelIds: readonly string[],
  isFitting: (place: Place) => boolean,
  then: () => Expected,
): Expected {
  const { oracle } = stage;
  if (!oracle.seesGuild(viewer, guildId)) return hidden;
  return managed(stage, viewer, guildId, () => {
    const fits = (id: string) => {
      const place = oracle.seesChannel(viewer, id) ? oracle.placeOf(id) : null;
      return place !== null && place.guild.id === guildId && isFitting(place);
    };
    return channelIds.every(fits) ? then() : hidden;
  });
}

function missingChosen({ matrix }: Stage, rest: object) {
  return { body: { channelIds: [matrix.missingId], ...rest } };
}

function hiddenIdOf({ matrix, oracle }: Stage): string {
  const original = matrix.toDelete[0];
  return original ? oracle.placeOf(original.channelId).entry.channel.id : '';
}

/** Of the runs that it has queued, the viewer is told those that they see. */
function compareRuns(
  { oracle, facts, matrix }: Stage,
  viewer: Viewer,
  guildId: string,
  runIds: string[],
): string[] {
  const waitingId = matrix.channels.waiting.channel.id;
  const seen = [...facts.runs].flatMap(([id, { channelId, status }]) => {
    const isNew = status === 'queued' && channelId !== waitingId;
    const isOfGuild = oracle.placeOf(channelId).guild.id === guildId;
    return isNew && isOfGuild && oracle.seesChannel(viewer, channelId) ? [id] : [];
  });
  return compareIds('runs', seen, runIds);
}

function scanQuestions(stage: Stage): Question[] {
  const { matrix } = stage;
  const questions = ofChannels(stage, (viewer, place) =>
    managed(stage, viewer, place.guild.id, () => expectScan(stage, place)),
  ).map((question): Question => ({ ...question, body: {}, undo: () => forgetRuns(stage) }));
  const general = questions.find(({ path }) => path?.id === matrix.channels.general.channel.id);
  // A bound may be any id, also of a message that is not seen: it says nothing of it.
  const foreign = matrix.videos.at(-1)?.messageId;
  const bounds = [
    { afterMessageId: foreign, beforeMessageId: null },
    { afterMessageId: null, beforeMessageId: matrix.missingId },
  ];
  return [...questions, ...(general ? bounds.map((body) => ({ ...general, kind: 'bound', body })) : [])];
}

function expectScan({ facts }: Stage, place: Place): Expected {
  const { channel } = place.entry;
  const isReading = facts.readingIds.has(channel.id);
  if (channel.type === ChannelType.GuildCategory) return problem(409, 'channel_holds_no_threads');
  if (!isReading) return problem(409, 'channel_not_reading');
  if (!holdsMessages(channel)) {
    return json((body) => compareFields('scan', { run: null, isListingThreads: true }, body), 202);
  }
  const isUnfinished = [...facts.runs.values()].some(
    (run) => run.channelId === channel.id && run.status === 'queued',
  );
  if (isUnfinished) return problem(409, 'run_unfinished');
  const fields = { channelId: channel.id, channelName: channel.name, status: 'queued' };
  return json(({ run }) => compareFields('run', fields, run), 202);
}

function ofRuns(stage: Stage, expectManaged: (id: string) => Expected): Question[] {
  const { oracle, facts } = stage;
  const kindOfRun = ({ channelId, status }: { channelId: string; status: string }) =>
    `${status} ${kindOf(stage, channelId)}`;
  return uuids(stage).map((id) => ({
    path: { id },
    kind: facts.runs.has(id) ? kindOfRun(facts.runs.get(id) as never) : undefined,
    expect: (viewer) => {
      const run = facts.runs.get(id);
      if (!run || !oracle.seesChannel(viewer, run.channelId)) return hidden;
      return managed(stage, viewer, oracle.placeOf(run.channelId).guild.id, () => expectManaged(id));
    },
    missing: { path: { id: MISSING_UUID } },
  }));
}

function expectRetry(stage: Stage, id: string): Expected {
  const run = stage.facts.runs.get(id);
  if (!run || ['succeeded', 'queued'].includes(run.status)) return problem(409, 'run_not_retryable');
  const again = expectScan(stage, stage.oracle.placeOf(run.channelId));
  if (again.kind !== 'json') return again;
  return json((body) => compareFields('run', { channelId: run.channelId, status: 'queued' }, body), 202);
}

async function queueAgain(stage: Stage, channelId: string): Promise<void> {
  await stage.act(stage.viewer('operator'), 'POST', `/api/channels/${channelId}/runs`, {});
}
