import { encodeCursor, encodeRunCursor } from '../../../src/http/cursor.ts';
import { holdsMessages, isThread, overwritesOf } from '../../../src/sandbox/channels.ts';
import { compareFields, compareIds, compareItems } from './compare.ts';
import * as expected from './expected.ts';
import { settingsFields, setupFields } from './expected-settings.ts';
import { MISSING_UUID, strangeIds, uuids } from './objects.ts';
import { type Case, hidden, type Json, json, problem, type Question } from './question.ts';
import { kindOf } from './sampling.ts';
import { COMMON_WORD, hasWords, searchWords } from './search-words.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';
import type { WorldVideo } from './world-builder.ts';

const beforeAll = encodeRunCursor({
  group: 0,
  createdAt: new Date('2200-01-01T00:00:00Z'),
  id: MISSING_UUID,
});
const behindAll = encodeRunCursor({ group: 2, createdAt: new Date(0), id: MISSING_UUID });

/** What each door that only tells is asked, and what it must answer. */
export const readCases: Record<string, Case> = {
  'GET /api/guilds': (stage) => [
    {
      expect: (viewer) =>
        json(({ items, next }) => [
          ...compareItems('guilds', guildsSeenBy(stage, viewer), items),
          ...compareIds('next', [], next === null ? [] : [next]),
        ]),
    },
  ],
  'GET /api/guilds/:id': (stage) =>
    ofGuilds(stage, (viewer, guild) =>
      json((body) => compareFields('guild', expected.guildFields(stage, viewer, guild), body)),
    ),
  'GET /api/guilds/:id/settings': (stage) =>
    ofGuilds(stage, (_, guild) =>
      json((body) => compareFields('settings', settingsFields(stage, { guild }), body)),
    ),
  'GET /api/guilds/:id/channels': (stage) =>
    ofGuilds(stage, (viewer, guild) => {
      const channels = stage.oracle.channelsOf(viewer, guild.id);
      const fields = channels.map((place) => expected.channelFields(stage, viewer, place));
      return json(({ items }) => compareItems('channels', fields, items));
    }),
  'GET /api/guilds/:id/index-passes': (stage) => [
    ...ofGuilds(stage, (viewer, guild) => json(({ items }) => comparePasses(stage, viewer, guild.id, items))),
    {
      path: { id: stage.matrix.guilds.main.id },
      query: { limit: '1' },
      expect: (viewer) =>
        stage.oracle.seesGuild(viewer, stage.matrix.guilds.main.id)
          ? json(({ items }) => (items.length === 1 ? [] : [`${items.length} passes`]))
          : hidden,
      missing: { path: { id: stage.matrix.missingId } },
    },
    ...[
      { cursor: beforeAll, isThere: true },
      { cursor: behindAll, isThere: false },
    ].map(({ cursor, isThere }) => ({
      path: { id: stage.matrix.guilds.main.id },
      query: { cursor },
      expect: (viewer: Viewer) =>
        stage.oracle.seesGuild(viewer, stage.matrix.guilds.main.id)
          ? json(({ items }) =>
              isThere
                ? comparePasses(stage, viewer, stage.matrix.guilds.main.id, items)
                : compareIds('passes', [], items),
            )
          : hidden,
      missing: { path: { id: stage.matrix.missingId } },
    })),
  ],
  'GET /api/guilds/:id/setup': (stage) =>
    ofGuilds(stage, (viewer, guild) => {
      if (!stage.oracle.manages(viewer, guild.id)) return problem(403, 'manage_guild_missing');
      return json(({ isSetUp, channels }) => [
        ...(isSetUp ? [] : ['is not set up']),
        ...compareItems('channels', setupFields(stage, viewer, guild), channels),
      ]);
    }),
  'GET /api/channels/:id': (stage) =>
    ofChannels(stage, (viewer, place) =>
      json((body) => compareFields('channel', expected.channelFields(stage, viewer, place), body)),
    ),
  'GET /api/channels/:id/settings': (stage) =>
    ofChannels(stage, (_, place) =>
      json((body) => compareFields('settings', settingsFields(stage, place), body)),
    ),
  'GET /api/channels/:id/threads': threadQuestions,
  'GET /api/channels/:id/coverage': (stage) =>
    ofChannels(stage, (viewer, place) => {
      if (!holdsMessages(place.entry.channel)) return hidden;
      const videos = expected.videosIn(stage, viewer, place).length;
      return json((body) => [
        ...compareFields('coverage', expected.coverageFields(stage, place), body),
        ...compareFields('years', { videos }, { videos: sum(body.years, 'videoCount') }),
        ...compareFields(
          'years',
          { messages: expected.messageCount(stage, place) },
          { messages: sum(body.years, 'messageCount') },
        ),
      ]);
    }),
  'GET /api/runs': runQuestions,
  'GET /api/runs/:id': (stage) =>
    uuids(stage).map((id) => ({
      path: { id },
      expect: (viewer) =>
        expected.runsSeenBy(stage, viewer).includes(id)
          ? json((body) => compareFields('run', expected.runFields(stage, id), body))
          : hidden,
      missing: { path: { id: MISSING_UUID } },
    })),
  'GET /api/videos': (stage) =>
    videoQuestions(stage, 'cursor').map(({ wanted, ...question }) => ({
      ...question,
      expect: (viewer) => json((body) => comparePage(stage, wanted(viewer), body)),
    })),
  'GET /api/videos/count': (stage) =>
    videoQuestions(stage, 'down_to').map(({ wanted, ...question }) => ({
      ...question,
      expect: (viewer) => {
        const told = expected.count(wanted(viewer).length);
        return json((body) => compareFields('count', told, body));
      },
    })),
};

type Guild = Stage['matrix']['guilds']['main'];
type Place = ReturnType<Stage['oracle']['placeOf']>;

/** Of every guild, of what exists nowhere, and of things that are no guilds. */
export function ofGuilds(
  { matrix, oracle }: Stage,
  expectSeen: (viewer: Viewer, guild: Guild) => ReturnType<Question['expect']>,
): Question[] {
  const guilds = Object.values(matrix.guilds);
  const ids = [...guilds.map(({ id }) => id), ...strangeIds(matrix, 'guild')];
  return ids.map((id) => ({
    path: { id },
    expect: (viewer) => {
      const guild = oracle.guild(id);
      return guild && oracle.seesGuild(viewer, id) ? expectSeen(viewer, guild) : hidden;
    },
    missing: { path: { id: matrix.missingId } },
  }));
}

/** Of every channel and thread, of what exists nowhere, and of things that are no channels. */
export function ofChannels(
  stage: Stage,
  expectSeen: (viewer: Viewer, place: Place) => ReturnType<Question['expect']>,
): Question[] {
  const { matrix, oracle } = stage;
  const kinds = new Map(
    oracle.places.map(({ entry: { channel } }) => [channel.id, kindOf(stage, channel.id)]),
  );
  return [...kinds.keys(), ...strangeIds(matrix, 'channel')].map((id) => ({
    path: { id },
    kind: kinds.get(id) ?? 'strange',
    expect: (viewer) => (oracle.seesChannel(viewer, id) ? expectSeen(viewer, oracle.placeOf(id)) : hidden),
    missing: { path: { id: matrix.missingId } },
  }));
}

function guildsSeenBy(stage: Stage, viewer: Viewer): expected.Fields[] {
  return Object.values(stage.matrix.guilds)
    .filter(({ id }) => stage.oracle.seesGuild(viewer, id))
    .map((guild) => expected.guildFields(stage, viewer, guild));
}

/** How much a pass has found it tells those alone who see the whole guild. */
function comparePasses({ facts }: Stage, viewer: Viewer, guildId: string, items: Json[]): string[] {
  const passes = [...facts.passes].filter(([, pass]) => pass.guildId === guildId);
  const counters = viewer.isOperator ? {} : { pages: null, messagesFound: null, videosFound: null };
  return compareItems(
    'passes',
    passes.map(([id]) => ({ id, guildId, ...counters })),
    items,
  );
}

function threadQuestions(stage: Stage): Question[] {
  const { oracle, matrix } = stage;
  const threadsOf = (viewer: Viewer, place: Place) =>
    oracle
      .threadsOf(viewer, place.entry.channel.id)
      .sort((a, b) => Number(BigInt(b.entry.channel.id) - BigInt(a.entry.channel.id)));
  const compare = (viewer: Viewer, places: Place[]) =>
    json(({ items }) => {
      const fields = places.map((one) => expected.channelFields(stage, viewer, one));
      return compareItems('threads', fields, items, true);
    });
  const general = oracle.placeOf(matrix.channels.general.channel.id);
  const path = { id: general.entry.channel.id };
  const missing = { path: { id: matrix.missingId } };
  const cursors = [...oracle.places.filter(({ entry }) => isThread(entry.channel)).slice(0, 8), general];
  return [
    ...ofChannels(stage, (viewer, place) => compare(viewer, threadsOf(viewer, place))),
    ...cursors.map(({ entry }): Question => {
      const cursor = entry.channel.id;
      const isOlder = (place: Place) => BigInt(place.entry.channel.id) < BigInt(cursor);
      return {
        path,
        query: { cursor },
        kind: 'cursor',
        expect: (viewer) =>
          oracle.seesChannel(viewer, path.id)
            ? compare(viewer, threadsOf(viewer, general).filter(isOlder))
            : hidden,
        missing,
      };
    }),
    {
      path,
      query: { limit: '1' },
      expect: (viewer) =>
        oracle.seesChannel(viewer, path.id)
          ? json(({ items, next }) => {
              const [first, second] = threadsOf(viewer, general).map(({ entry }) => entry.channel.id);
              const ids = items.map(({ id }: { id: string }) => id);
              return [
                ...compareIds('threads', first ? [first] : [], ids),
                ...compareFields('page', { next: second ? first : null }, { next }),
              ];
            })
          : hidden,
      missing,
    },
  ];
}

function runQuestions(stage: Stage): Question[] {
  const { oracle, matrix, facts } = stage;
  const list = (
    query: Record<string, string>,
    isWanted: (id: string) => boolean,
    kind?: string,
  ): Question => ({
    query: { limit: '100', ...query },
    kind,
    expect: (viewer) =>
      json(({ items }) => {
        const ids = expected.runsSeenBy(stage, viewer).filter(isWanted);
        const fields = ids.map((id) => expected.runFields(stage, id));
        return compareItems('runs', fields, items);
      }),
  });
  const guildOf = (id: string) => oracle.placeOf(facts.runs.get(id)?.channelId ?? '').guild.id;
  const guildIds = [...matrix.world.guilds.keys(), ...strangeIds(matrix, 'guild')];
  const isOf = (id: string) => (run: string) => facts.runs.get(run)?.channelId === id;
  return [
    list({}, () => true),
    ...guildIds.map((id) => list({ guild_id: id }, (run) => guildOf(run) === id)),
    ...oracle.places.map(({ entry: { channel } }) =>
      list({ channel_id: channel.id }, isOf(channel.id), kindOf(stage, channel.id)),
    ),
    ...strangeIds(matrix, 'channel').map((id) => list({ channel_id: id }, isOf(id), 'strange')),
    ...['queued', 'running', 'succeeded', 'failed', 'canceled'].map((status) =>
      list({ status }, (run) => facts.runs.get(run)?.status === status),
    ),
    list({ cursor: beforeAll }, () => true, 'cursor'),
    list({ cursor: behindAll }, () => false, 'cursor'),
    ...[...facts.runs].flatMap(([id, { status, createdAt, place }]) => {
      if (status === 'queued' || status === 'running') return [];
      const cursor = encodeRunCursor({ group: 2, createdAt, id });
      return [list({ cursor }, (run) => (facts.runs.get(run)?.place ?? 0) > place, 'cursor')];
    }),
    list({ newest: 'true' }, (run) => facts.runs.get(run)?.isNewest === true),
    list(
      { guild_id: matrix.guilds.second.id, channel_id: matrix.channels.general.channel.id },
      () => false, // a channel of another guild
    ),
  ];
}

/** Whose overwrites close them to some. */
function closedOnes({ oracle }: Stage): Place[] {
  return oracle.places.filter((one) => overwritesOf(one.entry.channel).length > 0);
}

const PAGE = 100; // the longest

type VideoQuestion = Omit<Question, 'expect'> & { wanted: (viewer: Viewer) => WorldVideo[] };

/** The list and the count are asked alike. */
function videoQuestions(stage: Stage, place: 'cursor' | 'down_to'): VideoQuestion[] {
  const { oracle, matrix } = stage;
  const limit: Record<string, string> = place === 'cursor' ? { limit: String(PAGE) } : {};
  const list = (
    query: Record<string, string>,
    isWanted: (one: WorldVideo) => boolean,
    kind?: string,
  ): VideoQuestion => ({
    query: { ...limit, ...query },
    kind,
    wanted: (viewer) => oracle.videosOf(viewer).filter(isWanted),
  });
  const guildIds = [...matrix.world.guilds.keys(), ...strangeIds(matrix, 'guild')];
  const strange = strangeIds(matrix, 'channel');
  const newestOfChannel = new Map(matrix.videos.map((video) => [video.channelId, video]));
  const isBeyond = (mark: WorldVideo, video: WorldVideo) =>
    place === 'cursor'
      ? BigInt(video.messageId) < BigInt(mark.messageId)
      : BigInt(video.messageId) >= BigInt(mark.messageId);
  const { main, second } = matrix.guilds;
  return [
    list({}, () => true),
    ...guildIds.map((id) =>
      list({ guild_id: id }, (video) => oracle.placeOf(video.channelId).guild.id === id),
    ),
    ...oracle.places.map(
      (one): VideoQuestion => ({
        query: { ...limit, channel_id: one.entry.channel.id },
        kind: `${expected.isForum(one) ? 'forum' : ''} ${kindOf(stage, one.entry.channel.id)}`,
        wanted: (viewer) => expected.videosIn(stage, viewer, one),
      }),
    ),
    ...strange.map((id) => list({ channel_id: id }, () => false, 'strange')),
    // Of places in the list the newest one in every fourth channel stands for all.
    ...[...newestOfChannel.values()]
      .filter((_, place) => place % 4 === 0)
      .map((mark) => list({ [place]: encodeCursor(mark) }, (video) => isBeyond(mark, video), 'place')),
    list({ guild_id: second.id, channel_id: matrix.channels.general.channel.id }, () => false),
    list(
      { guild_id: main.id, channel_id: matrix.channels.general.channel.id },
      (video) => video.channelId === matrix.channels.general.channel.id,
    ),
    ...searchWords(matrix).map((q) => list({ q }, (video) => hasWords(video, q), 'words')),
    ...[main, second, matrix.guilds.foreign].map(({ id }) =>
      list({ q: COMMON_WORD, guild_id: id }, (video) => oracle.placeOf(video.channelId).guild.id === id),
    ),
    ...closedOnes(stage).map(
      (one): VideoQuestion => ({
        query: { ...limit, q: COMMON_WORD, channel_id: one.entry.channel.id },
        kind: `words of ${kindOf(stage, one.entry.channel.id)}`,
        wanted: (viewer) => expected.videosIn(stage, viewer, one),
      }),
    ),
    ...[matrix.videos.at(0), matrix.videos.at(-1)]
      .filter((mark) => mark !== undefined)
      .map((mark) => list({ q: COMMON_WORD, [place]: encodeCursor(mark) }, (video) => isBeyond(mark, video))),
  ];
}

function comparePage(stage: Stage, videos: WorldVideo[], { items, next }: Json): string[] {
  const page = videos.slice(0, PAGE);
  const last = page.at(-1);
  const fields = page.map((video) => expected.videoFields(stage, video));
  const keyed = (one: expected.Fields) => ({ ...one, id: `${one.messageId} ${one.id}` });
  return [
    ...compareItems('videos', fields.map(keyed), items.map(keyed), true),
    ...compareFields('page', { next: videos.length > PAGE && last ? encodeCursor(last) : null }, { next }),
  ];
}

function sum(rows: Json[], field: string): number {
  return rows.reduce((total, row) => total + Number(row[field]), 0);
}
