import { useId } from 'react';
import type { SetupChannel } from '../../../src/http/contract.ts';
import { AgeMark } from '../channels/age-mark.tsx';
import { ChannelIcon } from '../channels/channel-icon.tsx';
import { MissingPermission } from '../channels/missing-permission.tsx';
import { channelName } from '../display/format.ts';

type SetupChannelRowProps = {
  channel: SetupChannel;
  obstacle: 'permission' | 'age' | null;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
};

export function SetupChannelRow({ channel, obstacle, isChosen, onChange }: SetupChannelRowProps) {
  const id = useId();
  return (
    <li className="border-t border-line first:border-t-0">
      <div className="flex items-center gap-3">
        <input
          id={id}
          type="checkbox"
          checked={isChosen}
          disabled={obstacle !== null}
          aria-describedby={obstacle ? `${id}-why` : undefined}
          onChange={(event) => onChange(event.target.checked)}
          className="size-4.5 shrink-0 accent-accent"
        />
        <label
          htmlFor={id}
          className={`flex min-w-0 grow items-center gap-2 py-2 ${obstacle ? 'text-muted' : 'cursor-pointer'}`}
        >
          <ChannelIcon type={channel.type} />
          <span className="truncate">{channelName(channel.name)}</span>
          {channel.isNsfw && <AgeMark />}
        </label>
        {channel.isProposed && !obstacle && (
          <span className="shrink-0 rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium text-accent">
            Proposed
          </span>
        )}
      </div>
      {obstacle && (
        <div id={`${id}-why`} className="pb-2 pl-7.5 text-sm text-pretty text-muted">
          {channel.missing ? (
            <MissingPermission name={channel.name} missing={channel.missing} />
          ) : (
            'Age-restricted: to read it, switch on “Age-restricted channels” below.'
          )}
        </div>
      )}
    </li>
  );
}
