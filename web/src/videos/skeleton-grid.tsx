const CARDS = Array.from({ length: 12 }, (_, index) => `card-${index}`);

type SkeletonGridProps = { label: string; isLabelShown?: boolean };

export function SkeletonGrid({ label, isLabelShown = false }: SkeletonGridProps) {
  return (
    <div role="status">
      <p className={isLabelShown ? 'mb-5 font-medium text-muted' : 'sr-only'}>{label}</p>
      <div
        aria-hidden="true"
        className="grid animate-shimmer grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-x-5 gap-y-7"
      >
        {CARDS.map((card) => (
          <div key={card}>
            <div className="aspect-video rounded-xl bg-raised" />
            <div className="mt-3 h-4 w-3/4 rounded bg-raised" />
            <div className="mt-2 h-3 w-1/2 rounded bg-raised" />
          </div>
        ))}
      </div>
    </div>
  );
}
