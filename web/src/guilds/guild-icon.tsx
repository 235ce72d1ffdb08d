import { Initials } from '../display/initials.tsx';

export function GuildIcon({ guild }: { guild: { id: string; name: string } }) {
  return <Initials id={guild.id} name={guild.name} className="size-7 rounded-lg" />;
}
