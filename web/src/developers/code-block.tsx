import type { ReactNode } from 'react';

type CodeBlockProps = { label: string; text: ReactNode };

/** Scrolls sideways by itself, also with the keyboard. */
export function CodeBlock({ label, text }: CodeBlockProps) {
  return (
    <figure
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className="max-h-120 overflow-auto rounded-lg border border-line bg-raised p-3"
    >
      <pre className="font-mono text-xs">{text}</pre>
    </figure>
  );
}
