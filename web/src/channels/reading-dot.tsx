import type { ReadingState } from '../../../src/http/contract.ts';

const looks: Record<ReadingState, { text: string; className: string }> = {
  off: { text: 'Reading is switched off', className: 'border border-muted' },
  unread: { text: 'Not read yet: only new messages are', className: 'bg-muted/60' },
  waiting: { text: 'Waits to be read', className: 'border-2 border-accent' },
  scanning: { text: 'Its history is being read', className: 'animate-shimmer bg-accent' },
  read: { text: 'Read', className: 'bg-good' },
  failed: { text: 'Reading its history failed', className: 'bg-danger' },
};

/** A dot that says how far the channel is read; its words are for screen readers and the pointer. */
export function ReadingDot({ state }: { state: ReadingState }) {
  const { text, className } = looks[state];
  return (
    <span title={text} className="grid size-3 place-items-center">
      <span className={`size-2 rounded-full ${className}`} />
      <span className="sr-only">{text}</span>
    </span>
  );
}
