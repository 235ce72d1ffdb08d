import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { thumbHashToApproximateAspectRatio } from 'thumbhash';
import { describe, expect, it } from 'vitest';
import { clips } from './clip-catalogue.ts';

const folder = join(import.meta.dirname, '../clips');
const MAX_TOTAL_BYTES = 2_000_000;
const MAX_STILL_BYTES = 30_000;

describe('the committed clips', () => {
  it('are a dozen or more, small together, in the containers that people post', () => {
    const total = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(total).toBeLessThanOrEqual(MAX_TOTAL_BYTES);
    expect(clips.length).toBeGreaterThanOrEqual(12);
    for (const ending of ['.mp4', '.webm', '.mov', '.mkv', '.avi']) {
      expect(clips.some(({ file }) => file.endsWith(ending))).toBe(true);
    }
  });

  it('are portrait, landscape and square', () => {
    const shapes = clips.map(({ width, height }) => Math.sign(width - height));
    expect(new Set(shapes)).toEqual(new Set([-1, 0, 1]));
  });

  it.each(clips)('$file is as the catalogue says, with a small still of its shape', (clip) => {
    const still = readFileSync(join(folder, clip.still));
    expect(statSync(join(folder, clip.file)).size).toBe(clip.sizeBytes);
    expect(still.subarray(8, 12).toString()).toBe('WEBP');
    expect(still.length).toBeLessThanOrEqual(MAX_STILL_BYTES);
    expect(clip.durationSecs).toBeGreaterThanOrEqual(3);
    expect(clip.durationSecs).toBeLessThanOrEqual(10);
    const shown = thumbHashToApproximateAspectRatio(Buffer.from(clip.placeholder, 'base64'));
    expect(shown / (clip.width / clip.height)).toBeCloseTo(1, 0);
  });

  it('begin at once in a browser, but for one with its index at the end', () => {
    const isIndexFirst = (file: string) => {
      const bytes = readFileSync(join(folder, file));
      return bytes.indexOf('moov') < bytes.indexOf('mdat');
    };
    const mp4 = clips.map(({ file }) => file).filter((file) => file.endsWith('.mp4'));
    expect(mp4.filter((file) => !isIndexFirst(file))).toEqual(['test-card.mp4']);
  });
});
