import type { Channel, Coverage } from '../../../src/http/contract.ts';
import { Problem } from '../display/problem.tsx';
import { useCanManage, useScanChannel } from './run-actions.ts';

type ScanChannelProps = { channel: Channel; coverage: Coverage };

/** For managers: reads what of a channel is missing, unless a scan of it is on its way already. */
export function ScanChannel({ channel, coverage }: ScanChannelProps) {
  const canManage = useCanManage(channel.guildId);
  const { mutate, isPending, error } = useScanChannel(channel.id);
  const isUnderWay = channel.state === 'waiting' || channel.state === 'scanning';
  if (!canManage || coverage.state === 'complete' || isUnderWay || !channel.isReading) return null;
  return (
    <div className="mt-2 flex flex-wrap items-baseline gap-x-4">
      <button
        type="button"
        disabled={isPending}
        onClick={() => mutate()}
        className="rounded font-semibold text-accent hover:underline disabled:opacity-50"
      >
        Read what is missing
      </button>
      <Problem error={error} />
    </div>
  );
}
