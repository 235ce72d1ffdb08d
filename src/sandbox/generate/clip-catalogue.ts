import catalogue from '../clips/clips.json' with { type: 'json' };
import type { Random } from './random.ts';

/** A committed video and what Discord would tell about it; written by scripts/make-clips.sh. */
export type Clip = (typeof catalogue)[number];

export const clips: readonly Clip[] = catalogue;

/** The still frame of a clip: a WebP beside it. */
export function stillOf(file: string): string {
  return file.replace(/\.\w+$/, '.webp');
}

/** What else the names of a container's files end in. */
const containerOf: Record<string, string> = { m4v: 'mp4' };

/** People post off topic now and then. */
const SUITED_CHANCE = 0.94;

/** A clip of the container that the extension stands for, by preference one whose picture suits the topic. */
export function pickClip(random: Random, extension: string, suited: readonly string[]): Clip {
  const ending = `.${containerOf[extension] ?? extension}`;
  const playable = clips.filter(({ file }) => file.endsWith(ending));
  const fitting = playable.filter(({ file }) => suited.includes(file.slice(0, -ending.length)));
  return random.pick(fitting.length > 0 && random.chance(SUITED_CHANCE) ? fitting : playable);
}
