import type { WorldAttachment } from '../world.ts';
import type { Moment } from './moment.ts';

type FileKind = {
  names: readonly string[];
  contentType?: string;
  /** Smallest and largest, in bytes. */
  size: readonly [number, number];
  isPicture?: boolean;
  isSound?: boolean;
};

const voiceMessage: FileKind = {
  names: ['voice-message.ogg'],
  contentType: 'audio/ogg',
  size: [9_000, 160_000],
  isSound: true,
};

/** Everything that people attach besides videos. Some kinds only look like one by their ending. */
const fileKinds = {
  png: {
    names: ['image.png', 'scoreboard.png', 'sketch.png', 'frame_0042.png', 'unknown.png'],
    contentType: 'image/png',
    size: [20_000, 900_000],
    isPicture: true,
  },
  jpg: {
    names: ['IMG_2231.jpg', 'photo.jpg', 'DSC_0187.JPG', 'group.jpeg'],
    contentType: 'image/jpeg',
    size: [60_000, 900_000],
    isPicture: true,
  },
  gif: {
    names: ['loop.gif', 'wiggle.gif'],
    contentType: 'image/gif',
    size: [90_000, 900_000],
    isPicture: true,
  },
  webp: { names: ['sticker.webp'], contentType: 'image/webp', size: [8_000, 90_000], isPicture: true },
  heic: { names: ['IMG_5120.HEIC'], contentType: 'image/heic', size: [400_000, 900_000] },
  pdf: {
    names: ['route-plan.pdf', 'storyboard_v3.pdf', 'rules.pdf'],
    contentType: 'application/pdf',
    size: [40_000, 900_000],
  },
  zip: {
    names: ['save.zip', 'project-files.zip', 'mp4-files.zip'],
    contentType: 'application/zip',
    size: [100_000, 900_000],
  },
  txt: {
    names: ['message.txt', 'notes.txt', 'mp4.txt'],
    contentType: 'text/plain; charset=utf-8',
    size: [200, 12_000],
  },
  mp3: {
    names: ['theme_demo.mp3', 'voiceover_take2.mp3'],
    contentType: 'audio/mpeg',
    size: [200_000, 900_000],
    isSound: true,
  },
  ogg: voiceMessage,
  json: {
    names: ['settings.json', 'keyframes.json'],
    contentType: 'application/json; charset=utf-8',
    size: [300, 40_000],
  },
  ts: {
    names: ['overlay.ts', 'player.test.ts'],
    contentType: 'text/plain; charset=utf-8',
    size: [400, 20_000],
  },
  srt: { names: ['subtitles.srt'], size: [900, 30_000] },
} satisfies Record<string, FileKind>;

export type OtherFile = keyof typeof fileKinds;

const shares: Record<OtherFile, number> = {
  png: 34,
  jpg: 26,
  gif: 8,
  webp: 3,
  heic: 3,
  pdf: 4,
  zip: 4,
  txt: 5,
  mp3: 3,
  ogg: 6,
  json: 2,
  ts: 2,
  srt: 2,
};

export function makeFile(
  { channel: { random }, scene, timeMs }: Moment,
  wanted?: OtherFile,
): WorldAttachment {
  const kind: FileKind = fileKinds[wanted ?? random.weighted(shares)];
  const isVoice = kind === voiceMessage;
  return {
    id: scene.mintId(timeMs - random.int(200, 2500)),
    filename: random.pick(kind.names),
    ...(kind.contentType !== undefined && { content_type: kind.contentType }),
    size: random.int(...kind.size),
    ...(kind.isPicture &&
      random.pick([
        { width: 1280, height: 720 },
        { width: 1080, height: 1350 },
        { width: 800, height: 600 },
      ])),
    ...(isVoice && { duration_secs: random.int(20, 600) / 10, waveform: waveformOf(random.next) }),
  };
}

/** Loudness over time, one byte a sample, as Discord draws it. */
function waveformOf(next: () => number): string {
  return Buffer.from(Uint8Array.from({ length: 64 }, () => Math.floor(next() ** 2 * 256))).toString('base64');
}
