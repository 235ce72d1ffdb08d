import { Link } from '@tanstack/react-router';
import type { Guild, SettingsView } from '../../../src/http/contract.ts';
import { GuildIcon } from '../guilds/guild-icon.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Section } from '../page/section.tsx';
import { ChannelReading } from './channel-reading.tsx';
import { ScanEverything } from './scan-everything.tsx';
import { SwitchSetting } from './switch-setting.tsx';
import { TextSetting } from './text-setting.tsx';

const switches = ['auto_scan', 'scan_nsfw', 'index_first'] as const;

type GuildSettingsProps = { guild: Guild; view: SettingsView };

export function GuildSettings({ guild, view }: GuildSettingsProps) {
  return (
    <>
      <PageTitle
        title={`Settings of ${guild.name}`}
        above={
          <>
            <GuildIcon guild={guild} />
            <Link
              to="/"
              search={{ guild: guild.id }}
              className="rounded font-medium text-accent hover:underline"
            >
              {guild.name}
            </Link>
          </>
        }
      >
        A change holds at once, and scans that are under way take it over within seconds.
      </PageTitle>
      <ScanEverything guild={guild} />
      <ChannelReading guild={guild} scansNsfw={view.effective.scan_nsfw} />
      <Section
        title="Settings"
        intro="“Default” leaves a setting to Clipdex, which may choose better in a later version."
      >
        <div className="flex flex-col gap-7">
          {switches.map((key) => (
            <SwitchSetting key={key} guildId={guild.id} settingKey={key} view={view} />
          ))}
          <TextSetting guildId={guild.id} settingKey="video_formats" view={view} />
          <TextSetting guildId={guild.id} settingKey="prefix" view={view} />
        </div>
      </Section>
    </>
  );
}
