export function AgeMark() {
  return (
    <span
      className="shrink-0 rounded border border-line px-1 text-[0.65rem] leading-4"
      title="Age-restricted"
    >
      18+
    </span>
  );
}
