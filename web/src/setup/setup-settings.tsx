import { Field, inputClass } from '../display/field.tsx';
import { Switch } from '../display/switch.tsx';
import { Section } from '../page/section.tsx';
import { settingTexts } from '../settings/setting-texts.ts';
import type { Settings } from './setup-choice.ts';

const switches = ['auto_scan', 'index_first'] as const;

type SetupSettingsProps = {
  settings: Settings;
  /** As they are typed. */
  formats: string;
  formatsProblem: string | null;
  onSettings: (settings: Settings) => void;
  onFormats: (formats: string) => void;
};

/** The settings that matter from the first scan on. The others have time. */
export function SetupSettings(props: SetupSettingsProps) {
  const { settings, formats, formatsProblem, onSettings, onFormats } = props;
  return (
    <Section title="Settings">
      <div className="flex flex-col gap-5">
        {switches.map((key) => (
          <Switch
            key={key}
            {...settingTexts[key]}
            isOn={settings[key]}
            onChange={(isOn) => onSettings({ ...settings, [key]: isOn })}
          />
        ))}
        <Field {...settingTexts.video_formats} problem={formatsProblem}>
          {(field) => (
            <input
              {...field}
              type="text"
              value={formats}
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => onFormats(event.target.value)}
              className={inputClass}
            />
          )}
        </Field>
      </div>
    </Section>
  );
}
