import { useState } from 'react';
import type { Channel, Guild } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { ConfirmDialog } from '../display/confirm-dialog.tsx';
import { plural } from '../display/format.ts';
import { useBulkSwitch } from './reading-queries.ts';

type BulkReadingProps = { guild: Guild; channels: Channel[] };

/** All on, or all off; both are asked about first, as both may mean much work. */
export function BulkReading({ guild, channels }: BulkReadingProps) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const { mutate, isPending, error, reset } = useBulkSwitch(guild.id);
  const affected = channels.filter(({ isReading }) => isReading !== wanted);
  const counted = plural(String(affected.length), 'channel');

  function close() {
    setWanted(null);
    reset();
  }

  function apply() {
    if (wanted === null) return;
    mutate({ channelIds: affected.map(({ id }) => id), isReading: wanted }, { onSuccess: close });
  }

  return (
    <div className="flex gap-2">
      <Button look="quiet" onClick={() => setWanted(true)} isDisabled={channels.every((c) => c.isReading)}>
        All on
      </Button>
      <Button look="quiet" onClick={() => setWanted(false)} isDisabled={channels.every((c) => !c.isReading)}>
        All off
      </Button>
      {wanted !== null && (
        <ConfirmDialog
          title={wanted ? `Read ${counted} more?` : `Stop reading ${counted}?`}
          action={wanted ? 'Switch them on' : 'Switch them off'}
          isDangerous={!wanted}
          isBusy={isPending}
          error={error}
          onConfirm={apply}
          onClose={close}
        >
          {wanted
            ? 'New videos in them are found from now on. Their history is read where new channels are read without being asked, and by “Scan everything”.'
            : 'Scans of them end at once, and new videos are not found any more. What was found stays.'}
        </ConfirmDialog>
      )}
    </div>
  );
}
