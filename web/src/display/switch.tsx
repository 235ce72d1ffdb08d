import { type ReactNode, useId } from 'react';

type SwitchProps = {
  label: ReactNode;
  /** What it does, or why it cannot be changed. */
  hint?: ReactNode;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
};

/** Something that is on or off, with its words before it. */
export function Switch({ label, hint, isOn, isDisabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 grow">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="mt-0.5 text-sm text-pretty text-muted">
            {hint}
          </p>
        )}
      </div>
      <SwitchBox
        id={id}
        describedBy={hint ? `${id}-hint` : undefined}
        isOn={isOn}
        isDisabled={isDisabled}
        onChange={onChange}
      />
    </div>
  );
}

type SwitchBoxProps = {
  id?: string;
  /** Where no label beside it says what it is. */
  label?: string;
  describedBy?: string | undefined;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
};

/** The switch alone: a check box in another dress. */
export function SwitchBox({ id, label, describedBy, isOn, isDisabled = false, onChange }: SwitchBoxProps) {
  return (
    <span className="relative mt-0.5 inline-flex h-6 w-11 shrink-0">
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        aria-label={label}
        aria-describedby={describedBy}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        className="peer size-full cursor-pointer appearance-none rounded-full bg-muted transition-colors checked:bg-accent disabled:cursor-default disabled:opacity-40"
      />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute top-0.5 left-0.5 size-5 rounded-full bg-surface shadow transition-transform peer-checked:translate-x-5"
      />
    </span>
  );
}
