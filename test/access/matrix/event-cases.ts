import { compareFields, compareIds } from './compare.ts';
import { runFields, runsSeenBy, videoFields } from './expected.ts';
import type { Case, Json } from './question.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';

/** Who has found more is told to ask for the list; of what they are told all is theirs to see all the same. */
const MAX_VIDEOS = 100;

type Told = { event: string; data: Json };

/** A stream that goes on from before the world was read: it tells of all that has happened, as far as it is seen. */
export const eventCases: Record<string, Case> = {
  'GET /api/events': (stage) => [
    {
      headers: { 'last-event-id': stage.startedAt.toISOString().replace('Z', '000Z') },
      expect: (viewer) => ({
        kind: 'text',
        check: (text) => compareEvents(stage, viewer, readEvents(text)),
      }),
    },
    // Without that it tells at most of the last moments; that all of it is seen is checked as for every answer.
    { expect: () => ({ kind: 'text' }) },
  ],
};

function readEvents(text: string): Told[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event = '', data = '']) => ({
    event,
    data: JSON.parse(data),
  }));
}

function compareEvents(stage: Stage, viewer: Viewer, events: readonly Told[]): string[] {
  const { oracle, matrix } = stage;
  const keyOf = (data: Json) => `${data.messageId ?? ''} ${data.id}`;
  // What happened moments ago may be told twice.
  const dataOf = (kind: string): Json[] => {
    const told = events.filter(({ event }) => event === kind).map(({ data }) => data);
    return [...new Map(told.map((data) => [keyOf(data), data])).values()];
  };
  const guilds = Object.values(matrix.guilds).filter(({ id }) => oracle.seesGuild(viewer, id));
  const videos = oracle.videosOf(viewer);
  const told = { runs: dataOf('run'), videos: dataOf('video') };
  return [
    ...compareIds('guilds', guilds.map(idOf), dataOf('guild').map(idOf)),
    ...compareIds('runs', runsSeenBy(stage, viewer), told.runs.map(idOf)),
    ...(videos.length < MAX_VIDEOS ? compareIds('videos', videos.map(keyOf), told.videos.map(keyOf)) : []),
    ...told.runs.flatMap((run) => compareFields(`run ${run.id}`, runFields(stage, run.id), run)),
    ...told.videos.flatMap((found) => {
      const video = videos.find((one) => keyOf(one) === keyOf(found));
      return video ? compareFields(`video ${found.id}`, videoFields(stage, video), found) : [];
    }),
  ];
}

function idOf({ id }: { id: string }): string {
  return id;
}
