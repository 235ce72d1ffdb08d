import { formatAge, formatFullDate } from '../display/format.ts';

export function PostedAt({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatFullDate(at)}>
      {formatAge(at, Date.now())}
    </time>
  );
}
