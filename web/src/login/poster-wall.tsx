const TILES = [
  { hue: 255, width: 'col-span-2' },
  { hue: 200, width: '' },
  { hue: 160, width: '' },
  { hue: 320, width: 'col-span-2' },
  { hue: 25, width: '' },
  { hue: 230, width: '' },
  { hue: 285, width: '' },
];

/** A picture of what awaits: a wall of stills, none of them anybody's. */
export function PosterWall() {
  return (
    <div aria-hidden="true" className="hidden grid-cols-3 gap-3 md:grid">
      {TILES.map(({ hue, width }) => (
        <div
          key={hue}
          style={{
            backgroundImage: `linear-gradient(135deg, hsl(${hue} 55% 46%), hsl(${hue + 40} 50% 26%))`,
          }}
          className={`relative h-20 overflow-hidden rounded-xl ring-1 ring-line ${width}`}
        >
          <svg
            viewBox="0 0 24 24"
            className="absolute inset-0 m-auto size-6 fill-white/70"
            aria-hidden="true"
          >
            <path d="M9 6.5v11l9-5.5z" />
          </svg>
        </div>
      ))}
    </div>
  );
}
