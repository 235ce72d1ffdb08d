/** Values as people read them on a terminal, in their own time zone. */

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as disks and browsers count. */
export function formatSize(sizeBytes: number | null): string {
  if (sizeBytes === null) return '–';
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

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

/** Why a run ended, as a sentence: without the code for scripts that leads it. */
export function formatReason(errorMessage: string | null): string {
  const sentence = (errorMessage ?? '').replace(/^[a-z][a-z0-9_]*: /, '');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
