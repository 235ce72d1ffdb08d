import type { KeyFigures } from '../../../src/http/contract.ts';
import { formatNumber, plural } from '../display/format.ts';
import { Loaded } from '../display/loaded.tsx';
import { Section } from '../page/section.tsx';
import { useFigures } from './operator-queries.ts';

/** The instance in numbers, which move while one looks. */
export function FigureSection() {
  const { data, error, refetch } = useFigures();
  return (
    <Section title="Key figures">
      <Loaded data={data} error={error} onRetry={refetch} label="Loading the key figures">
        {(figures) => (
          <dl className="grid grid-cols-2 gap-x-4 gap-y-4 sm:grid-cols-3">
            {listFigures(figures).map(({ name, value, note }) => (
              <div key={name} className="min-w-0">
                <dt className="text-sm text-muted">{name}</dt>
                <dd className="font-semibold break-words tabular-nums">{value}</dd>
                {note !== null && <dd className="text-sm text-pretty text-muted">{note}</dd>}
              </div>
            ))}
          </dl>
        )}
      </Loaded>
    </Section>
  );
}

type Figure = { name: string; value: string; note: string | null };

function listFigures(figures: KeyFigures): Figure[] {
  const { guildsAwaitingSetup, runsQueued, runsParked, jobsWaiting, gatewayShards } = figures;
  const isConnected = gatewayShards > 0;
  return [
    figure('Servers', figures.guilds, guildsAwaitingSetup > 0 && `${guildsAwaitingSetup} await their set-up`),
    figure('Channels being read', figures.channelsReading),
    figure('Messages read', figures.messages),
    videoFigure(figures.videosEstimated),
    figure(
      'Scans under way',
      figures.runsRunning,
      notes([runsQueued, 'waiting'], [runsParked, 'held by Discord']),
    ),
    figure('Jobs under way', figures.jobsRunning, notes([jobsWaiting, 'in the queue'])),
    figure('Workers', figures.workers, figures.workers === 0 && 'No scan and no job runs'),
    {
      name: 'Gateway of Discord',
      value: isConnected ? 'Connected' : 'Not connected',
      note: isConnected ? plural(formatNumber(gatewayShards), 'shard') : 'Nothing new is heard of',
    },
    figure('Sessions', figures.sessions),
    { name: 'Version', value: figures.version, note: `on Node.js ${figures.nodeVersion}` },
  ];
}

function figure(name: string, count: number, note: string | null | false = null): Figure {
  return { name, value: formatNumber(count), note: note || null };
}

/** PostgreSQL estimates them, at first after a minute or so; until then it has no idea. */
function videoFigure(estimate: number): Figure {
  if (estimate === 0) return { name: 'Videos', value: '–', note: 'not estimated yet' };
  return { name: 'Videos', value: `about ${formatNumber(estimate)}`, note: null };
}

/** "3 waiting, 1 held by Discord", without what there is none of. */
function notes(...parts: [count: number, what: string][]): string | null {
  const texts = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatNumber(count)} ${what}`);
  return texts.length > 0 ? texts.join(', ') : null;
}
