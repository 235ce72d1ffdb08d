import type { Guild, SetupChannel } from '../../../src/http/contract.ts';
import { useChannels } from '../channels/channel-queries.ts';
import { groupChannels } from '../channels/group-channels.ts';
import { Section } from '../page/section.tsx';
import { AgeSwitch } from './age-switch.tsx';
import { SetupChannelRow } from './setup-channel-row.tsx';
import { isChosen, obstacleOf, type Ticks, tick, tickAll } from './setup-choice.ts';

type ChannelChoiceProps = {
  guild: Guild;
  channels: SetupChannel[];
  ticks: Ticks;
  scansNsfw: boolean;
  onTick: (ticks: Ticks) => void;
};

/** Every channel of the guild with a check box, below its category. */
export function ChannelChoice({ guild, channels, ticks, scansNsfw, onTick }: ChannelChoiceProps) {
  const { data: listed = [] } = useChannels(guild.id);
  const groups = groupChannels(
    channels,
    listed.filter(({ type }) => type === 'category'),
  );
  const possible = channels.filter((channel) => obstacleOf(channel, scansNsfw) === null);
  const chosenCount = possible.filter((channel) => isChosen(channel, ticks, scansNsfw)).length;
  return (
    <Section
      title="Channels"
      intro="Ticked is what Clipdex proposes: text, announcement and forum channels that every member sees. Threads come with their channel."
      action={
        <div className="flex gap-1 text-sm font-semibold">
          <Shortcut onClick={() => onTick(new Map())}>Proposed</Shortcut>
          <Shortcut onClick={() => onTick(tickAll(channels, () => true))}>All</Shortcut>
          <Shortcut onClick={() => onTick(tickAll(channels, () => false))}>None</Shortcut>
        </div>
      }
    >
      <p aria-live="polite" className="mb-4 text-sm text-muted tabular-nums">
        {chosenCount} of {possible.length} readable channels chosen
      </p>
      <div className="flex flex-col gap-5">
        {groups.map((group) => (
          <fieldset key={group.id} className="min-w-0">
            <legend className="mb-1 text-xs font-bold tracking-wide text-muted uppercase">
              {group.name ?? 'Without a category'}
            </legend>
            <ul>
              {group.channels.map((channel) => (
                <SetupChannelRow
                  key={channel.id}
                  channel={channel}
                  obstacle={obstacleOf(channel, scansNsfw)}
                  isChosen={isChosen(channel, ticks, scansNsfw)}
                  onChange={(isTicked) => onTick(tick(ticks, channel.id, isTicked))}
                />
              ))}
            </ul>
          </fieldset>
        ))}
      </div>
      <AgeSwitch guildId={guild.id} isOn={scansNsfw} />
    </Section>
  );
}

function Shortcut({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" onClick={onClick} className="rounded-lg px-2 py-1 text-accent hover:bg-raised">
      {children}
    </button>
  );
}
