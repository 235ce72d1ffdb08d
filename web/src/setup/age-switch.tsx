import { Problem } from '../display/problem.tsx';
import { Switch } from '../display/switch.tsx';
import { settingTexts } from '../settings/setting-texts.ts';
import { useSettingChange } from '../settings/settings-queries.ts';

type AgeSwitchProps = { guildId: string; isOn: boolean };

/** Saved at once: only then does the server offer such channels. Nothing of them is read before they are chosen. */
export function AgeSwitch({ guildId, isOn }: AgeSwitchProps) {
  const { mutate, isPending, variables, error } = useSettingChange<boolean>(guildId, 'scan_nsfw');
  return (
    <div className="mt-5 border-t border-line pt-4">
      <Switch
        {...settingTexts.scan_nsfw}
        hint={`${settingTexts.scan_nsfw.hint} Switched on, they can be chosen above.`}
        isOn={isPending ? variables : isOn}
        isDisabled={isPending}
        onChange={mutate}
      />
      <Problem error={error} />
    </div>
  );
}
