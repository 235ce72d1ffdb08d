import { useEffect, useState } from 'react';

type Sample = { at: number; total: bigint };

const WINDOW_MS = 12_000; // long enough to be calm, short enough to show a stop
const MIN_SPAN_MS = 1_000; // below it, a rate is noise

/**
 * How fast a growing total grows, per second, over the last seconds; null until that can be told.
 * @param readAt When the total was read, in milliseconds; it also moves when the total stands still.
 * @param subject What is counted: another subject starts anew.
 */
export function useRate(total: bigint, readAt: number, subject: string): number | null {
  const [state, setState] = useState<{ subject: string; samples: Sample[] }>({ subject, samples: [] });
  useEffect(() => {
    setState((before) => {
      const kept =
        before.subject === subject ? before.samples.filter(({ at }) => readAt - at < WINDOW_MS) : [];
      return { subject, samples: [...kept, { at: readAt, total }] };
    });
  }, [total, readAt, subject]);
  const first = state.samples[0];
  const last = state.samples.at(-1);
  if (state.subject !== subject || !first || !last || last.at - first.at < MIN_SPAN_MS) return null;
  return (Number(last.total - first.total) * 1_000) / (last.at - first.at);
}
