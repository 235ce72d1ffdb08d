import type { Count, Video } from '../../../src/http/contract.ts';

const number = new Intl.NumberFormat('en');
const fullDate = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' });
const shortDate = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const clockTime = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const nameList = new Intl.ListFormat('en', { type: 'conjunction' });

const MINUTE_SECS = 60;
const HOUR_SECS = 3_600;
const DAY_SECS = 86_400;
const RELATIVE_DAYS = 14; // older ones are told by their date

export function formatNumber(value: number | string): string {
  return number.format(typeof value === 'string' ? BigInt(value) : value);
}

/** "703", or "1,000+" where counting stopped. */
export function formatCount({ value, isCapped }: Count): string {
  return `${number.format(value)}${isCapped ? '+' : ''}`;
}

/** "1 video", "2 videos". */
export function plural(count: string, noun: string): string {
  return `${count} ${noun}${count === '1' ? '' : 's'}`;
}

/** "0:07", "12:30", "1:02:03". */
export function formatDuration(secs: number): string {
  const whole = Math.round(secs);
  const hours = Math.floor(whole / HOUR_SECS);
  const minutes = Math.floor((whole % HOUR_SECS) / MINUTE_SECS);
  const rest = String(whole % MINUTE_SECS).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** "5 minutes ago", "yesterday", "Mar 4, 2024". */
export function formatAge(iso: string, now: number): string {
  const secs = (Date.parse(iso) - now) / 1000;
  const age = Math.abs(secs);
  if (age < MINUTE_SECS) return 'just now';
  if (age < HOUR_SECS) return relative.format(Math.round(secs / MINUTE_SECS), 'minute');
  if (age < DAY_SECS) return relative.format(Math.round(secs / HOUR_SECS), 'hour');
  if (age < RELATIVE_DAYS * DAY_SECS) return relative.format(Math.round(secs / DAY_SECS), 'day');
  return shortDate.format(new Date(iso));
}

/** "Mar 4, 2024". */
export function formatDate(iso: string): string {
  return shortDate.format(new Date(iso));
}

/** "21:10". */
export function formatClock(iso: string): string {
  return clockTime.format(new Date(iso));
}

/** "less than a minute", "about 4 min", "about 2 h 10 min". */
export function formatEta(secs: number): string {
  const minutes = Math.round(secs / MINUTE_SECS);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `about ${minutes} min`;
  const rest = Math.floor((minutes % 60) / 10) * 10;
  return `about ${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`;
}

export function formatFullDate(iso: string): string {
  return fullDate.format(new Date(iso));
}

/** "812 kB", "24.1 MB". */
export function formatSize(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1_000))} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

export function videoTitle(video: Video): string {
  return video.title ?? video.filename;
}

/** "Ada, Ben and Cleo". */
export function formatNames(names: string[]): string {
  return nameList.format(names);
}

/** Who plays what was linked: as Discord names it, else the site's own name. */
export function providerName(video: Video): string {
  return (
    video.provider ??
    (video.pageUrl === null ? 'its site' : new URL(video.pageUrl).hostname.replace(/^www\./, ''))
  );
}

export function authorName(video: Video): string {
  return video.author?.globalName ?? video.author?.username ?? 'someone';
}

export function channelName(name: string | null): string {
  return name ?? 'unnamed';
}
