import { useState } from 'react';
import type { Channel, Coverage } from '../../../src/http/contract.ts';
import { formatDate, formatNumber, plural } from '../display/format.ts';
import { CheckIcon, ChevronIcon } from '../display/icons.tsx';
import { ScanChannel } from '../runs/scan-channel.tsx';
import { useCoverage } from './coverage-query.ts';
import { HoleList } from './hole-list.tsx';
import { YearBars } from './year-bars.tsx';

/** What of the chosen channel is read without a gap: a line, and on demand its years and holes. */
export function ChannelCoverage({ channel }: { channel: Channel }) {
  const { data: coverage } = useCoverage(channel.id);
  const [isOpen, setIsOpen] = useState(false);
  if (coverage === undefined) return null; // a channel of threads, or none that is here: nothing to tell
  return (
    <section
      aria-label="Coverage"
      className="mb-5 rounded-xl border border-line bg-surface px-4 py-3 text-sm shadow-xs"
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 rounded text-left"
      >
        <span className="flex items-center gap-2 font-semibold">
          {coverage.state === 'complete' && <CheckIcon className="size-4 text-good" />}
          {titles[coverage.state]}
        </span>
        <span className="text-muted">{summaryOf(coverage)}</span>
        <ChevronIcon className={`ml-auto size-4 text-muted ${isOpen ? 'rotate-180' : ''}`} />
      </button>
      <ScanChannel channel={channel} coverage={coverage} />
      {isOpen && (
        <div className="mt-3 grid gap-6 border-t border-line pt-3 md:grid-cols-2">
          <YearBars years={coverage.years} />
          <HoleList coverage={coverage} />
        </div>
      )}
    </section>
  );
}

const titles: Record<Coverage['state'], string> = {
  complete: 'Complete',
  partial: 'Partly read',
  unread: 'Not read yet',
};

function summaryOf({ state, coveredTo, gapFreeSince, holeCount, holes, isFollowed }: Coverage): string {
  if (state === 'unread') return 'its history was not read so far';
  if (state === 'complete') {
    return coveredTo === null ? 'no message in it' : `every message, the newest of ${formatDate(coveredTo)}`;
  }
  const countedHoles = plural(formatNumber(holeCount), 'hole');
  if (gapFreeSince !== null) return `without a gap since ${formatDate(gapFreeSince)} · ${countedHoles}`;
  const readTo = holeCount === 1 ? holes[0]?.from : null;
  if (!readTo) return countedHoles;
  return `every message up to ${formatDate(readTo)} · newer ones are ${isFollowed ? 'on their way' : 'missing'}`;
}
