import { useId } from 'react';
import type { SettingsView } from '../../../src/http/contract.ts';
import { Problem } from '../display/problem.tsx';
import { SaveState } from './save-state.tsx';
import { settingTexts } from './setting-texts.ts';
import { useSettingChange } from './settings-queries.ts';

type SwitchSettingProps = {
  guildId: string;
  settingKey: 'auto_scan' | 'scan_nsfw' | 'index_first';
  view: SettingsView;
};

/** On, off, or as Clipdex has it. Saved with the choice. */
export function SwitchSetting({ guildId, settingKey, view }: SwitchSettingProps) {
  const { mutate, isPending, isSuccess, error, variables } = useSettingChange<boolean | null>(
    guildId,
    settingKey,
  );
  const hintId = useId();
  const { label, hint } = settingTexts[settingKey];
  const own = typeof view.own[settingKey] === 'boolean' ? view.own[settingKey] : null;
  const shown = isPending ? variables : own;
  const inherited = own === null ? ` (${view.effective[settingKey] ? 'on' : 'off'})` : '';
  const choices = [
    { value: null, label: `Default${inherited}` },
    { value: true, label: 'On' },
    { value: false, label: 'Off' },
  ];
  return (
    <fieldset aria-describedby={hintId} className="min-w-0">
      <legend className="flex w-full items-baseline gap-3 font-medium">
        {label} <SaveState isPending={isPending} isSaved={isSuccess} />
      </legend>
      <p id={hintId} className="mt-0.5 max-w-prose text-sm text-pretty text-muted">
        {hint}
      </p>
      <div className="mt-2 flex w-fit flex-wrap rounded-lg border border-line p-0.5 text-sm font-medium">
        {choices.map((choice) => (
          <label
            key={String(choice.value)}
            className="cursor-pointer rounded-md px-3 py-1.5 has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={settingKey}
              checked={shown === choice.value}
              disabled={isPending}
              onChange={() => mutate(choice.value)}
              className="sr-only"
            />
            {choice.label}
          </label>
        ))}
      </div>
      <Problem error={error} />
    </fieldset>
  );
}
