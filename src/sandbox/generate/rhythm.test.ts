import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { makeBeats } from './rhythm.ts';
import { DAY_MS, HOUR_MS } from './world-time.ts';

const from = Date.UTC(2022, 0, 1);
const to = Date.UTC(2026, 0, 1);
const beats = makeBeats(createRandom(1), from, to, 2000);

describe('makeBeats', () => {
  it('makes as many moments as asked, each later than the one before, inside the bounds', () => {
    expect(beats).toHaveLength(2000);
    for (const [index, beat] of beats.entries()) {
      expect(beat.timeMs).toBeGreaterThan(beats[index - 1]?.timeMs ?? from - 1);
      expect(beat.timeMs).toBeLessThan(to);
    }
  });

  it('gathers them in conversations, mostly in the evening', () => {
    const close = beats.filter(({ timeMs }, index) => timeMs - (beats[index - 1]?.timeMs ?? 0) < HOUR_MS / 4);
    expect(close.length).toBeGreaterThan(beats.length * 0.6);
    const hours = beats.map(({ timeMs }) => new Date(timeMs).getUTCHours());
    const evening = hours.filter((hour) => hour >= 17).length;
    const night = hours.filter((hour) => hour < 6).length;
    expect(evening).toBeGreaterThan(night * 4);
  });

  it('fits into a day, too', () => {
    const short = makeBeats(createRandom(2), to - DAY_MS / 4, to, 30);
    expect(short.every(({ timeMs }) => timeMs >= to - DAY_MS / 4 && timeMs < to)).toBe(true);
  });
});
