/** Of a video that only Discord's search index has told of: its message was not read yet, and may be gone. */
export function UnconfirmedMark({ className }: { className: string }) {
  return (
    <span
      className={className}
      title="Found by Discord’s search index, not confirmed yet: its message was not read"
    >
      Unconfirmed
    </span>
  );
}
