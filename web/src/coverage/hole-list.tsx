import type { Coverage, CoverageHole } from '../../../src/http/contract.ts';
import { formatDate, formatNumber } from '../display/format.ts';

const MAX_ROWS = 8; // the newest; the command line lists a hundred

/** What is not read, and whether new messages are. */
export function HoleList({ coverage }: { coverage: Coverage }) {
  const { holes, holeCount } = coverage;
  const shown = holes.slice(0, MAX_ROWS);
  return (
    <div>
      <p>{followText(coverage)}</p>
      {shown.length > 0 && (
        <>
          <p className="mt-2 font-medium">Not read</p>
          <ul className="mt-1 text-muted">
            {shown.map((hole) => (
              <li key={hole.beforeMessageId}>{spanOf(hole)}</li>
            ))}
            {holeCount > shown.length && <li>and {formatNumber(holeCount - shown.length)} more</li>}
          </ul>
        </>
      )}
    </div>
  );
}

function spanOf({ from, to }: CoverageHole): string {
  if (from === null) return `the beginning – ${formatDate(to)}`;
  const days = [formatDate(from), formatDate(to)];
  return days[0] === days[1] ? `some of ${days[0]}` : days.join(' – ');
}

function followText({ isFollowed, isReading }: Coverage): string {
  if (isFollowed) return 'New messages are read as they are posted.';
  if (!isReading) return 'Reading is switched off: new messages are not read.';
  return 'New messages do not come in at the moment.';
}
