import { isRecord } from '../lib/is-record.ts';

/**
 * Reads single values out of what Discord sent. Nothing about a payload is believed: a wrong type reads as null,
 * texts are cut to a length, and NUL, which PostgreSQL cannot store, is dropped.
 */
const LATEST_TIME_MS = Date.parse('9999-12-31T00:00:00Z');

export function readText(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is exactly what must go
  const text = value.replace(/\u0000/g, '').toWellFormed();
  return text === '' ? null : cutText(text, maxLength);
}

export function readWholeNumber(value: unknown, max: number): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max
    ? value
    : null;
}

export function readPositive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** An https (or, on this machine, http) address that PostgreSQL and a browser can take. */
export function readUrl(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string' || value.length > maxLength) return null;
  const url = parsedUrl(value);
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  // The normal form has no NUL, line break or lone surrogate; but it may be longer, as it escapes what it must.
  return isHttp && url.href.length <= maxLength ? url.href : null;
}

function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** ISO 8601 in UTC. Only years of four digits: JavaScript writes later ones in a form that PostgreSQL refuses. */
export function readTime(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 40) return null;
  const time = Date.parse(value);
  return time >= 0 && time <= LATEST_TIME_MS ? new Date(time).toISOString() : null;
}

export function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function readRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Cuts by code points, so that no emoji is split. */
function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
