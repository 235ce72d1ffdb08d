import { pino } from 'pino';
import type { Logger } from '../../src/lib/log.ts';

/** A log whose lines a test can look at: what the program says of a fault. */
export function recordLog(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = pino({ level: 'info', base: null }, { write: (line: string) => void lines.push(line) });
  return { log, lines };
}
