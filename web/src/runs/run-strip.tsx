import { useState } from 'react';
import type { Guild } from '../../../src/http/contract.ts';
import { formatNumber, plural } from '../display/format.ts';
import { CheckIcon, ChevronIcon, WarningIcon } from '../display/icons.tsx';
import { useGuilds } from '../guilds/guild-queries.ts';
import { FailedRuns } from './failed-runs.tsx';
import { MovingRuns } from './moving-runs.tsx';
import { useRate } from './use-rate.ts';

type Totals = Pick<Guild['states'], 'read' | 'waiting' | 'scanning' | 'failed'> & {
  reading: number;
  messages: bigint;
};

/** What the scans are doing: their progress while they move, one line when they rest. */
export function RunStrip({ guildId }: { guildId: string | undefined }) {
  const { data: guilds, dataUpdatedAt } = useGuilds();
  const [isFailedShown, setIsFailedShown] = useState(false);
  const shown = (guilds ?? []).filter((guild) => guildId === undefined || guild.id === guildId);
  const totals = sumGuilds(shown);
  const rate = useRate(totals.messages, dataUpdatedAt, guildId ?? 'all');
  if (shown.length === 0) return null;
  const isMoving = totals.waiting + totals.scanning > 0;
  return (
    <section
      aria-label="Scans"
      className="mb-5 rounded-xl border border-line bg-surface px-4 py-3 text-sm shadow-xs"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {isMoving ? <MovingSummary totals={totals} rate={rate} /> : <RestingSummary totals={totals} />}
        {totals.failed > 0 && (
          <button
            type="button"
            aria-expanded={isFailedShown}
            onClick={() => setIsFailedShown(!isFailedShown)}
            className="ml-auto flex items-center gap-1.5 rounded font-medium text-danger"
          >
            <WarningIcon className="size-4" />
            {formatNumber(totals.failed)} could not be read
            <ChevronIcon className={`size-4 ${isFailedShown ? 'rotate-180' : ''}`} />
          </button>
        )}
      </div>
      {isMoving && <MovingRuns guildId={guildId} runningCount={totals.scanning} />}
      {isFailedShown && totals.failed > 0 && <FailedRuns guildId={guildId} />}
    </section>
  );
}

function MovingSummary({ totals, rate }: { totals: Totals; rate: number | null }) {
  return (
    <>
      <span className="font-semibold">
        {totals.scanning > 0
          ? `Reading ${plural(formatNumber(totals.scanning), 'channel')}`
          : 'Waiting for a free worker'}
      </span>
      <span className="text-muted tabular-nums">
        {formatNumber(totals.messages.toString())} messages
        {rate !== null && rate > 0 && ` · ${formatNumber(Math.round(rate))}/s`}
      </span>
      {totals.waiting > 0 && (
        <span className="text-muted tabular-nums">{formatNumber(totals.waiting)} waiting</span>
      )}
    </>
  );
}

function RestingSummary({ totals }: { totals: Totals }) {
  if (totals.reading === 0) return <span className="text-muted">No channel is being read.</span>;
  const isAll = totals.read === totals.reading;
  const channels = plural(formatNumber(totals.reading), 'channel');
  return (
    <>
      <span className="flex items-center gap-2 font-semibold">
        <CheckIcon className={`size-4 ${isAll ? 'text-good' : 'text-muted'}`} />
        {isAll
          ? `${totals.reading > 1 ? 'All ' : ''}${channels} read`
          : `${formatNumber(totals.read)} of ${channels} read`}
      </span>
      <span className="text-muted tabular-nums">{formatNumber(totals.messages.toString())} messages</span>
    </>
  );
}

function sumGuilds(guilds: Guild[]): Totals {
  return guilds.reduce<Totals>(
    (total, { readingCount, states, messageCount }) => ({
      reading: total.reading + readingCount,
      read: total.read + states.read,
      waiting: total.waiting + states.waiting,
      scanning: total.scanning + states.scanning,
      failed: total.failed + states.failed,
      messages: total.messages + BigInt(messageCount),
    }),
    { reading: 0, read: 0, waiting: 0, scanning: 0, failed: 0, messages: 0n },
  );
}
