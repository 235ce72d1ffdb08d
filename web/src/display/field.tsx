import { type ReactNode, useId } from 'react';

type FieldProps = {
  label: string;
  hint?: ReactNode;
  /** What the server has to say against what was sent; null: nothing. */
  problem: string | null;
  /** Makes the control, with what ties it to its words. */
  children: (control: Control) => ReactNode;
};

type Control = { id: string; 'aria-describedby': string; 'aria-invalid': boolean };

export const inputClass =
  'w-full rounded-lg border border-muted bg-canvas px-3 py-2 text-base text-ink aria-invalid:border-danger sm:text-sm';

/** A control of a form below its label, and beside it what is wrong with it. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div id={`${id}-words`}>
        {hint && <p className="mt-0.5 text-sm text-pretty text-muted">{hint}</p>}
        {problem !== null && (
          <p role="alert" className="mt-1 text-sm text-danger">
            {problem}
          </p>
        )}
      </div>
      <div className="mt-2">
        {children({ id, 'aria-describedby': `${id}-words`, 'aria-invalid': problem !== null })}
      </div>
    </div>
  );
}
