/** Beside what is saved by itself: that it was. */
export function SaveState({ isPending, isSaved }: { isPending: boolean; isSaved: boolean }) {
  return (
    <span role="status" className="text-xs font-normal text-muted">
      {isPending ? 'Saving…' : isSaved ? 'Saved' : ''}
    </span>
  );
}
