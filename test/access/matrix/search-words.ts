import type { MatrixWorld } from './world.ts';
import type { WorldVideo } from './world-builder.ts';

/** In the texts of nearly every video, seen or not. */
export const COMMON_WORD = 'title';

/** Of every so many channels the newest video is looked for: the others are found alike. */
const SOUGHT_EVERY = 4;

/** What to look for: of all videos, of single ones in open and closed channels, of none, and what would be more than words. */
export function searchWords(matrix: MatrixWorld): string[] {
  const { videos, toDelete, channels, guilds } = matrix;
  const newest = [...new Map(videos.map((video) => [video.channelId, video])).values()];
  const [general] = newest.filter(({ channelId }) => channelId === channels.general.channel.id);
  const sought = newest.filter((_, place) => place % SOUGHT_EVERY === 1);
  const ofOne = [...sought, ...toDelete].map((video, place) => textsOf(video)[place % 3] ?? '');
  const alien = newest.at(-1);
  return [
    COMMON_WORD,
    'CAPTION file-KX',
    'kx01',
    ...ofOne,
    // Of two videos together, of which not everybody sees both.
    `${general?.title} ${alien?.title}`,
    `${general?.title} ${general?.caption}`,
    // Names that stand beside videos in answers, and are no words of theirs.
    channels.general.channel.name ?? '',
    guilds.main.name,
    alien?.author.username ?? '',
    // What SQL's patterns and texts know as more than letters.
    'title%',
    '%title',
    'title_kx',
    'titl_',
    'title\\',
    '\\%title',
    "title' or '1'='1",
    'title -- kx',
  ];
}

export function hasWords(video: WorldVideo, words: string): boolean {
  const texts = textsOf(video).map((text) => text.toLowerCase());
  return words.split(' ').every((word) => texts.some((text) => text.includes(word.toLowerCase())));
}

function textsOf({ title, filename, caption }: WorldVideo): string[] {
  return [title, filename, caption];
}
