import type { Channel, SetupChannel } from '../../../src/http/contract.ts';
import { AgeMark } from '../channels/age-mark.tsx';
import { ChannelIcon } from '../channels/channel-icon.tsx';
import { MissingPermission } from '../channels/missing-permission.tsx';
import { ReadingDot } from '../channels/reading-dot.tsx';
import { channelName } from '../display/format.ts';
import { Problem } from '../display/problem.tsx';
import { SwitchBox } from '../display/switch.tsx';
import { useChannelSwitch } from './reading-queries.ts';

type ReadingRowProps = {
  channel: Channel;
  scansNsfw: boolean;
  /** What the bot lacks to read it; null: nothing that is known. */
  missing: SetupChannel['missing'];
};

export function ReadingRow({ channel, scansNsfw, missing }: ReadingRowProps) {
  const { mutate, isPending, variables, error } = useChannelSwitch(channel.id);
  const name = channelName(channel.name);
  const isHeldBack = channel.isNsfw && !scansNsfw;
  return (
    <li className="border-t border-line py-2 first:border-t-0">
      <div className="flex items-center gap-2">
        <ChannelIcon type={channel.type} />
        <span className="truncate">{name}</span>
        {channel.isNsfw && <AgeMark />}
        <span className="ml-auto flex shrink-0 items-center gap-3">
          {channel.state && <ReadingDot state={channel.state} />}
          <SwitchBox
            label={`Read ${name}`}
            isOn={isPending ? variables : channel.isReading}
            isDisabled={isPending}
            onChange={mutate}
          />
        </span>
      </div>
      {isHeldBack && (
        <p className="pl-6 text-sm text-muted">
          Age-restricted: read only when “Age-restricted channels” below is on.
        </p>
      )}
      {missing && (
        <div className="pl-6 text-sm text-pretty text-muted">
          <MissingPermission name={channel.name} missing={missing} />
        </div>
      )}
      <Problem error={error} />
    </li>
  );
}
