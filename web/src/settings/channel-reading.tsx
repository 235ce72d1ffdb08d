import type { Channel, Guild, SetupChannel } from '../../../src/http/contract.ts';
import { useChannels } from '../channels/channel-queries.ts';
import { groupChannels } from '../channels/group-channels.ts';
import { formatNumber } from '../display/format.ts';
import { Loaded } from '../display/loaded.tsx';
import { Section } from '../page/section.tsx';
import { useSetup } from '../setup/setup-queries.ts';
import { BulkReading } from './bulk-reading.tsx';
import { ReadingRow } from './reading-row.tsx';

type ChannelReadingProps = { guild: Guild; scansNsfw: boolean };

/** The channels of the guild that the viewer sees, each with its reading switch, and what the bot lacks there. */
export function ChannelReading({ guild, scansNsfw }: ChannelReadingProps) {
  const { data: listed, error, refetch } = useChannels(guild.id);
  const { data: setup } = useSetup(guild.id, { isAsked: true, isWatched: false });
  const missing = new Map(setup?.channels.map((channel) => [channel.id, channel.missing]));
  const channels = listed?.filter((channel) => !isCategory(channel)) ?? [];
  const readCount = channels.filter(({ isReading }) => isReading).length;
  const closedCount = channels.filter(({ id }) => missing.get(id)).length;
  return (
    <Section
      title="Channels"
      intro="Where a channel is switched off, nothing new is read, and a scan of it ends at once; what was found stays. Threads go with their channel."
      action={channels.length > 0 && <BulkReading guild={guild} channels={channels} />}
    >
      <Loaded data={listed} error={error} onRetry={refetch} label="Loading the channels">
        {(all) => (
          <>
            <p aria-live="polite" className="mb-4 text-sm text-muted tabular-nums">
              {formatNumber(readCount)} of {formatNumber(channels.length)} switched on
              {closedCount > 0 && ` · ${formatNumber(closedCount)} closed to the bot`}
            </p>
            <Groups
              channels={channels}
              categories={all.filter(isCategory)}
              scansNsfw={scansNsfw}
              missing={missing}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

type GroupsProps = {
  channels: Channel[];
  categories: Channel[];
  scansNsfw: boolean;
  missing: ReadonlyMap<string, SetupChannel['missing']>;
};

function Groups({ channels, categories, scansNsfw, missing }: GroupsProps) {
  return (
    <div className="flex flex-col gap-5">
      {groupChannels(channels, categories).map((group) => (
        <div key={group.id}>
          <h3 className="mb-1 text-xs font-bold tracking-wide text-muted uppercase">
            {group.name ?? 'Without a category'}
          </h3>
          <ul>
            {group.channels.map((channel) => (
              <ReadingRow
                key={channel.id}
                channel={channel}
                scansNsfw={scansNsfw}
                missing={missing.get(channel.id) ?? null}
              />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function isCategory({ type }: Channel): boolean {
  return type === 'category';
}
