const HUES = 360;

type InitialsProps = { id: string; name: string; className: string };

/** Initials on a colour of their own, for guilds and people: pictures would be one more request to Discord each. */
export function Initials({ id, name, className }: InitialsProps) {
  return (
    <span
      aria-hidden="true"
      style={{ backgroundColor: `hsl(${hueOf(id)} 45% 34%)` }}
      className={`grid shrink-0 place-items-center text-xs font-bold text-white ${className}`}
    >
      {initialsOf(name) || '•'}
    </span>
  );
}

function initialsOf(name: string): string {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase())
    .join('');
}

function hueOf(id: string): number {
  return [...id].reduce((hue, digit) => (hue * 31 + Number(digit)) % HUES, 0);
}
