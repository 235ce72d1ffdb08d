import { type FormEvent, useState } from 'react';
import type { SettingsView } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { Field, inputClass } from '../display/field.tsx';
import { Problem } from '../display/problem.tsx';
import { readFormats } from './formats.ts';
import { problemOfSetting } from './problem-of-setting.ts';
import { SaveState } from './save-state.tsx';
import { settingTexts, type TypedKey } from './setting-texts.ts';
import { useSettingChange } from './settings-queries.ts';

type TextSettingProps = { guildId: string; settingKey: TypedKey; view: SettingsView };

/** A setting that is typed, saved by its button or with Enter. */
export function TextSetting({ guildId, settingKey, view }: TextSettingProps) {
  const held = textOf(view, settingKey);
  const [text, setText] = useState<string | null>(null);
  const { mutate, reset, isPending, isSuccess, error } = useSettingChange<string | string[] | null>(
    guildId,
    settingKey,
  );
  const isOwn = view.own[settingKey] !== undefined;
  const isChanged = text !== null && text !== held;
  const problem = problemOfSetting(error, settingKey);

  function save(value: string | string[] | null) {
    mutate(value, { onSuccess: () => setText(null) });
  }

  /** What was said of the text before is no more true of it. A change that is on its way goes on. */
  function change(next: string | null) {
    setText(next);
    if (!isPending) reset();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text !== null) save(settingKey === 'video_formats' ? readFormats(text) : text.trim());
  }

  return (
    <form onSubmit={submit}>
      <Field {...settingTexts[settingKey]} problem={problem}>
        {(field) => (
          <input
            {...field}
            type="text"
            value={text ?? held}
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => change(event.target.value)}
            className={`${inputClass} ${settingKey === 'prefix' ? 'max-w-40' : ''}`}
          />
        )}
      </Field>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        {isChanged && <Button isBusy={isPending}>Save</Button>}
        {isChanged && (
          <Button look="quiet" onClick={() => change(null)} isDisabled={isPending}>
            Undo
          </Button>
        )}
        {!isChanged && isOwn && (
          <Button look="quiet" onClick={() => save(null)} isBusy={isPending}>
            Use the default
          </Button>
        )}
        {!isChanged && !isOwn && <span className="text-sm text-muted">This is the default.</span>}
        <SaveState isPending={isPending} isSaved={isSuccess && !isChanged} />
      </div>
      <Problem error={problem === null ? error : null} />
    </form>
  );
}

function textOf({ effective }: SettingsView, key: TypedKey): string {
  return key === 'video_formats' ? effective.video_formats.join(', ') : effective.prefix;
}
