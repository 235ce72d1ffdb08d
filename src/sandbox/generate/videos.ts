import { type APIUser, AttachmentFlags } from 'discord-api-types/v10';
import type { WorldAttachment } from '../world.ts';
import { type Clip, pickClip } from './clip-catalogue.ts';
import { makeVideoName } from './file-names.ts';
import { gameApplication } from './game-application.ts';
import type { IdMint } from './id-mint.ts';
import type { PhraseBook } from './phrases/book.ts';
import type { Random } from './random.ts';
import { timestampOf } from './world-time.ts';

const extensions = { mp4: 60, mov: 18, webm: 15, m4v: 2, mkv: 3, avi: 2 } as const;
const SPOILER_CHANCE = 0.05;
const GAME_CLIP_CHANCE = 0.14;
/** Discord leaves out what it could not tell. */
const NO_CONTENT_TYPE_CHANCE = 0.04;
const NO_MEASURES_CHANCE = 0.06;
const DESCRIPTION_CHANCE = 0.04;

export type VideoScene = {
  random: Random;
  mintId: IdMint;
  book: PhraseBook;
  timeMs: number;
  /** Who may have been in a recorded game. */
  company: readonly APIUser[];
};

const videoCounts = { 1: 87, 2: 9, 3: 3, 4: 1 } as const;

/** How many videos one message carries: nearly always one. */
export function pickVideoCount(random: Random): number {
  return Number(random.weighted(videoCounts));
}

export function makeVideo(scene: VideoScene): WorldAttachment {
  const { random, mintId, book, timeMs } = scene;
  const extension = random.weighted(extensions);
  const clip = pickClip(random, extension, book.clips);
  const { filename, title } = makeVideoName(random, book.fileNames, timeMs, extension);
  const isSpoiler = random.chance(SPOILER_CHANCE);
  const isGameClip = book.isAboutGames === true && random.chance(GAME_CLIP_CHANCE);
  const flags = (isSpoiler ? AttachmentFlags.IsSpoiler : 0) | (isGameClip ? AttachmentFlags.IsClip : 0);
  return {
    id: mintId(timeMs - random.int(200, 2500)),
    filename: isSpoiler ? `SPOILER_${filename}` : filename,
    ...(title !== undefined && { title }),
    ...(random.chance(DESCRIPTION_CHANCE) && { description: altTextOf(clip) }),
    ...measuresOf(random, clip, extension),
    ...(flags > 0 && { flags }),
    ...(isGameClip && recordingOf(scene)),
    clip: clip.file,
  };
}

/** The picture of a media channel's post, when it moves. Not a video of its own. */
export function makeMovingThumbnail(scene: VideoScene): WorldAttachment {
  const clip = pickClip(scene.random, 'mp4', scene.book.clips);
  return {
    id: scene.mintId(scene.timeMs - scene.random.int(200, 2500)),
    filename: 'thumbnail.mp4',
    ...fullMeasures(clip),
    content_type: clip.contentType,
    flags: AttachmentFlags.IsThumbnail,
    clip: clip.file,
  };
}

function measuresOf(
  random: Random,
  clip: Clip,
  extension: string,
): Pick<WorldAttachment, 'size'> & Partial<WorldAttachment> {
  const contentType = extension === 'm4v' ? 'video/x-m4v' : clip.contentType;
  return {
    ...(random.chance(NO_MEASURES_CHANCE) ? { size: clip.sizeBytes } : fullMeasures(clip)),
    ...(!random.chance(NO_CONTENT_TYPE_CHANCE) && { content_type: contentType }),
  };
}

function fullMeasures(clip: Clip) {
  return {
    size: clip.sizeBytes,
    width: clip.width,
    height: clip.height,
    duration_secs: clip.durationSecs,
    placeholder: clip.placeholder,
    placeholder_version: 1,
  };
}

/** What Discord adds to a clip that its own recorder cut from a game. */
function recordingOf({ random, timeMs, company }: VideoScene) {
  return {
    clip_created_at: timestampOf(timeMs - random.int(30_000, 3_600_000)),
    clip_participants: random.shuffled(company).slice(0, random.int(1, 3)),
    ...(random.chance(0.8) && { application: gameApplication(random) }),
  };
}

/** A description as people write them for those who cannot see the video. */
function altTextOf(clip: Clip): string {
  const subject = clip.file.replace(/\.\w+$/, '').replaceAll('-', ' ');
  return `A short video without speech: ${subject}, ${Math.round(clip.durationSecs)} seconds.`;
}
