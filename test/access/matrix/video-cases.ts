import { compareFields } from './compare.ts';
import { videoFields } from './expected.ts';
import { type Case, type Expected, hidden, json, problem, type Question } from './question.ts';
import { kindOf } from './sampling.ts';
import type { Stage } from './stage.ts';
import type { WorldVideo } from './world-builder.ts';

export const MISSING_VIDEO = '999999999999999999-e0';

/** The doors that are about one video. */
export const videoCases: Record<string, Case> = {
  'GET /api/videos/:id': (stage) =>
    ofVideos(stage, everyVideo(stage), (video) =>
      json((body) => compareFields('video', videoFields(stage, video), body)),
    ),
  'GET /videos/:id/stream': (stage) => [
    ...ofVideos(stage, someVideos(stage), (video) =>
      video.hasFile ? toFileOf(video) : problem(404, 'not_found'),
    ),
    ...ofVideos(stage, someVideos(stage).slice(0, 3), (video) =>
      video.hasFile ? toFileOf(video) : problem(404, 'not_found'),
    ).map((question) => ({ ...question, query: { retry: '1' } })),
  ],
  'GET /videos/:id/poster': (stage) => ofVideos(stage, someVideos(stage), toFileOf),
};

/** Of the flood in the channel where the newest are, which nobody else sees, a few stand for all. */
function everyVideo({ matrix }: Stage): string[] {
  const flooded = matrix.videos.at(-1)?.channelId;
  const some = matrix.videos.filter(({ channelId }, place) => channelId !== flooded || place % 1_000 === 0);
  return [...new Set(some.map(({ id }) => id)), ...strangers(matrix)];
}

/** The links: one video of each channel stands for its others, whose links are made alike. */
function someVideos({ matrix }: Stage): string[] {
  const general = matrix.channels.general.channel.id;
  const nth = new Map<string, number>();
  const some = matrix.videos.filter(({ channelId, isDeleted }) => {
    const place = nth.get(channelId) ?? 0;
    nth.set(channelId, place + 1);
    return place < 1 || isDeleted || channelId === general;
  });
  return [...new Set(some.map(({ id }) => id)), ...strangers(matrix)];
}

function strangers({ guilds, channels, people }: Stage['matrix']): string[] {
  return [MISSING_VIDEO, guilds.main.id, channels.general.channel.id, people.owner.id];
}

/** The oldest that the viewer sees stands for a file that was posted twice. What was deleted they are told, if they saw it. */
function ofVideos(
  stage: Stage,
  ids: readonly string[],
  expectSeen: (video: WorldVideo) => Expected,
): Question[] {
  const { matrix, oracle } = stage;
  const kindOfVideo = ({ channelId, source, hasFile, isDeleted }: WorldVideo) =>
    [kindOf(stage, channelId), source, hasFile, isDeleted].join(' ');
  return ids.map((id) => ({
    path: { id },
    kind: matrix.posted.get(id)?.map(kindOfVideo).join(' '),
    expect: (viewer) => {
      const seen = (matrix.posted.get(id) ?? []).filter(
        ({ channelId }) => oracle.wasRead(channelId) && oracle.seesChannel(viewer, channelId),
      );
      const video = seen.find(({ isDeleted }) => !isDeleted);
      if (video) return expectSeen(video);
      return seen.length > 0 ? problem(410, 'video_deleted') : hidden;
    },
    missing: { path: { id: MISSING_VIDEO } },
  }));
}

function toFileOf({ filename }: WorldVideo): Expected {
  return { kind: 'redirect', to: new RegExp(`^http://127\\.0\\.0\\.1:\\d+/.*${filename}`) };
}
