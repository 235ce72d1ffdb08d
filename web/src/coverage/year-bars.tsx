import type { CoverageYear } from '../../../src/http/contract.ts';
import { formatNumber, plural } from '../display/format.ts';

/** Messages of each year as bars beside each other's measure, with the videos among them. */
export function YearBars({ years }: { years: CoverageYear[] }) {
  const most = Math.max(1, ...years.map((year) => Number(year.messageCount)));
  if (years.length === 0) return <p className="text-muted">No message is read yet.</p>;
  return (
    <table className="w-full border-separate border-spacing-y-1 self-start tabular-nums">
      <caption className="sr-only">Messages and videos by year</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Year</th>
          <th scope="col">Messages</th>
          <th scope="col">Videos</th>
        </tr>
      </thead>
      <tbody>
        {years.map(({ year, messageCount, videoCount }) => (
          <tr key={year ?? 'unknown'}>
            <th scope="row" className="w-12 pr-3 text-left font-medium">
              {year ?? 'earlier'}
            </th>
            <td className="relative rounded bg-raised px-2">
              <span
                aria-hidden="true"
                style={{ width: `${(Number(messageCount) / most) * 100}%` }}
                className="absolute inset-y-0 left-0 rounded bg-accent-soft"
              />
              <span className="relative">{plural(formatNumber(messageCount), 'message')}</span>
            </td>
            <td className="w-28 pl-3 text-right text-muted">{plural(formatNumber(videoCount), 'video')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
