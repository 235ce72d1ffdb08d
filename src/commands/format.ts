import type { ParkedRun } from '../http/contract.ts';

/** Values as people read them on a terminal, in their own time zone. */

/** `2026-03-01 18:04`. */
export function formatTime(iso: string | null): string {
  if (iso === null) return '–';
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Groups of three digits; takes counters as decimal strings too. */
export function formatCount(count: string | number): string {
  return BigInt(count).toLocaleString('en');
}

export function formatDuration(durationSecs: number | null): string {
  if (durationSecs === null) return '–';
  const whole = Math.round(durationSecs);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function formatProgress({ progress }: { progress: number | null }): string {
  return progress === null ? '–' : `${Math.floor(progress * 100)} %`;
}

/** Messages a second: "95/s", "0.4/s". */
export function formatRate(perSecond: number): string {
  return `${perSecond >= 10 || perSecond === 0 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1)}/s`;
}

/** A guess, so no more than two figures: "less than a minute", "about 4 min", "about 2 h 10 min", "about 3 days". */
export function formatEta(secs: number): string {
  const minutes = Math.round(secs / 60);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `about ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `about ${Math.round(hours / 24)} days`;
  const rest = Math.floor((minutes % 60) / 10) * 10;
  return rest === 0 || hours >= 10 ? `about ${hours} h` : `about ${hours} h ${rest} min`;
}

/** "waits until 21:10: Discord asked for a longer wait". */
export function formatParked({ until, message }: ParkedRun): string {
  return `waits until ${formatTime(until).slice(-5)}: ${message}`;
}

/** Why a run ended, as a sentence: without the code for scripts that leads it. */
export function formatReason(errorMessage: string | null): string {
  const sentence = (errorMessage ?? '').replace(/^[a-z][a-z0-9_]*: /, '');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
