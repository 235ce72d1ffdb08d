const CARDS = Array.from({ length: 12 }, (_, index) => `card-${index}`);

export function SkeletonGrid() {
  return (
    <div
      role="status"
      className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-x-5 gap-y-7"
    >
      <span className="sr-only">Loading videos</span>
      {CARDS.map((card) => (
        <div key={card} aria-hidden="true" className="animate-shimmer">
          <div className="aspect-video rounded-xl bg-raised" />
          <div className="mt-3 h-4 w-3/4 rounded bg-raised" />
          <div className="mt-2 h-3 w-1/2 rounded bg-raised" />
        </div>
      ))}
    </div>
  );
}
