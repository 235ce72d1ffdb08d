import type { Channel } from '../../../src/http/contract.ts';

type State = { text: string; className: string };

/** A dot that says whether the channel is being read; its words are for screen readers and the pointer. */
export function ReadingState({ channel }: { channel: Channel }) {
  const { text, className } = stateOf(channel);
  return (
    <span title={text} className="grid size-3 place-items-center">
      <span className={`size-2 rounded-full ${className}`} />
      <span className="sr-only">{text}</span>
    </span>
  );
}

function stateOf({ isReading, runStatus }: Channel): State {
  if (!isReading) return { text: 'Not read', className: 'border border-muted' };
  switch (runStatus) {
    case 'running':
      return { text: 'Its history is being read', className: 'animate-shimmer bg-accent' };
    case 'queued':
      return { text: 'Waits to be read', className: 'border-2 border-accent' };
    case 'failed':
      return { text: 'Reading its history failed', className: 'bg-danger' };
    default:
      return { text: 'Read', className: 'bg-good' };
  }
}
