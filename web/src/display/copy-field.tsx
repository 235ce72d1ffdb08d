import { useRef, useState } from 'react';
import { Button } from './button.tsx';

type CopyFieldProps = { label: string; text: string };

/** A text that is to be taken elsewhere. Where the browser does not let us copy it, it is selected at least. */
export function CopyField({ label, text }: CopyFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<'idle' | 'copied' | 'selected'>('idle');

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('selected');
    }
  }

  return (
    <div className="flex flex-wrap items-center gap-2">
      <input
        ref={field}
        readOnly
        aria-label={label}
        value={text}
        onFocus={(event) => event.target.select()}
        className="min-w-0 grow basis-60 rounded-lg border border-muted bg-canvas px-3 py-2 font-mono text-xs text-ink"
      />
      <Button onClick={() => void copy()}>Copy</Button>
      <span role="status" className="text-sm text-muted">
        {state === 'copied' && 'Copied'}
        {state === 'selected' && 'Selected: copy it with your keyboard'}
      </span>
    </div>
  );
}
