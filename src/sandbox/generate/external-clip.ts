import { EXTERNAL_SCHEME } from '../views/external-media.ts';
import { type Clip, clips, stillOf } from './clip-catalogue.ts';

/** Clips that a browser plays, as those are that other sites show. */
const playable = clips.filter(({ file }) => /\.(mp4|webm)$/.test(file));

/** A clip that lies on another site under `code`, and Discord's copies of it and of its still. */
export function externalClip(code: number): {
  clip: Clip;
  copyOf(name: string): string;
  stillOf(name: string): string;
} {
  const clip = playable[code % playable.length] as Clip;
  return {
    clip,
    copyOf: (name) => `${EXTERNAL_SCHEME}${clip.file}/${name}`,
    stillOf: (name) => `${EXTERNAL_SCHEME}${stillOf(clip.file)}/${name}`,
  };
}
