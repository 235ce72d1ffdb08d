const LINES = ['w-2/5', 'w-full', 'w-4/5', 'w-3/5'];

/** While the one thing that a page shows is loaded. */
export function SkeletonLines({ label }: { label: string }) {
  return (
    <div role="status">
      <p className="sr-only">{label}</p>
      <div aria-hidden="true" className="flex animate-shimmer flex-col gap-4">
        {LINES.map((width) => (
          <div key={width} className={`h-6 rounded-lg bg-raised ${width}`} />
        ))}
      </div>
    </div>
  );
}
