import type { Guild } from '../../../src/http/contract.ts';

const HUES = 360;

/** The guild's initials on a colour of its own: icons would be one more request to Discord for each viewer. */
export function GuildIcon({ guild }: { guild: Guild }) {
  const initials = guild.name
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase())
    .join('');
  return (
    <span
      aria-hidden="true"
      style={{ backgroundColor: `hsl(${hueOf(guild.id)} 45% 34%)` }}
      className="grid size-7 shrink-0 place-items-center rounded-lg text-xs font-bold text-white"
    >
      {initials || '•'}
    </span>
  );
}

function hueOf(id: string): number {
  return [...id].reduce((hue, digit) => (hue * 31 + Number(digit)) % HUES, 0);
}
