import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Guild, SetupChannel } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { plural } from '../display/format.ts';
import { Problem } from '../display/problem.tsx';
import { Switch } from '../display/switch.tsx';
import { GuildIcon } from '../guilds/guild-icon.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Section } from '../page/section.tsx';
import { readFormats } from '../settings/formats.ts';
import { problemOfSetting } from '../settings/problem-of-setting.ts';
import { ChannelChoice } from './channel-choice.tsx';
import { changedSettings, isChosen, type Settings, type Ticks } from './setup-choice.ts';
import { useSetUp } from './setup-queries.ts';
import { SetupSettings } from './setup-settings.tsx';

type SetupFormProps = { guild: Guild; channels: SetupChannel[]; settings: Settings };

/** Channels, the most needed settings, the first scan; then off to the library, where it is seen moving. */
export function SetupForm({ guild, channels, settings: effective }: SetupFormProps) {
  const navigate = useNavigate();
  const [ticks, setTicks] = useState<Ticks>(new Map());
  const [settings, setSettings] = useState(effective);
  const [formats, setFormats] = useState(effective.video_formats.join(', '));
  const [scan, setScan] = useState(true);
  const setUp = useSetUp(guild.id, () => void navigate({ to: '/', search: { guild: guild.id } }));
  const formatsProblem = problemOfSetting(setUp.error, 'video_formats');
  const chosen = channels.filter((channel) => isChosen(channel, ticks, effective.scan_nsfw));

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = {
      ...settings,
      scan_nsfw: effective.scan_nsfw,
      video_formats: readFormats(formats),
    };
    setUp.mutate({
      channelIds: chosen.map(({ id }) => id),
      scan,
      settings: changedSettings(effective, wanted),
    });
  }

  return (
    <form onSubmit={submit}>
      <PageTitle
        title={`Set up ${guild.name}`}
        above={
          <>
            <GuildIcon guild={guild} /> {guild.name}
          </>
        }
      >
        Choose what Clipdex reads in this server. Until you have, it reads nothing, and all of it can be
        changed later.
      </PageTitle>
      <ChannelChoice
        guild={guild}
        channels={channels}
        ticks={ticks}
        scansNsfw={effective.scan_nsfw}
        onTick={setTicks}
      />
      <SetupSettings
        settings={settings}
        formats={formats}
        formatsProblem={formatsProblem}
        onSettings={setSettings}
        onFormats={setFormats}
      />
      <Section title="The first scan">
        <Switch
          label="Read the whole history now"
          hint="Runs go through all that was ever posted in the chosen channels, newest first. Without it, only new videos are found until you start a scan."
          isOn={scan}
          onChange={setScan}
        />
      </Section>
      <Problem error={formatsProblem === null ? setUp.error : null} />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <Button isBusy={setUp.isPending || setUp.isSuccess} isDisabled={chosen.length === 0}>
          {chosen.length === 0 ? 'Read' : `Read ${plural(String(chosen.length), 'channel')}`}
        </Button>
        {chosen.length === 0 && <p className="text-sm text-muted">Choose at least one channel.</p>}
      </div>
    </form>
  );
}
