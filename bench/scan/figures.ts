import type { Figure } from '../main.ts';

/** At most so many times the baseline. */
export function ratioFigure(name: string, value: number, goal: number): Figure {
  return { name, value: rounded(value), unit: '×', baseline: 1, goal, holds: value <= goal };
}

/** At most so much. */
export function boundFigure(name: string, value: number, unit: string, goal: number): Figure {
  return { name, value: rounded(value), unit, baseline: null, goal, holds: value <= goal };
}

/** Told beside the others, without a goal of its own. */
export function plainFigure(name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, baseline: null, goal: null, holds: true };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
