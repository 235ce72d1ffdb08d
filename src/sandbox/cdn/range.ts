export type ByteRange =
  | { kind: 'whole' }
  /** Both ends included. */
  | { kind: 'part'; first: number; last: number }
  | { kind: 'unsatisfiable' };

/** What a Range header asks of a body. Several ranges, and what is malformed, are answered by the whole body. */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return { kind: 'whole' };
  if (from === '') {
    const length = Math.min(Number(to), sizeBytes);
    if (length === 0) return { kind: 'unsatisfiable' };
    return { kind: 'part', first: sizeBytes - length, last: sizeBytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return { kind: 'whole' };
  return first >= sizeBytes ? { kind: 'unsatisfiable' } : { kind: 'part', first, last };
}
