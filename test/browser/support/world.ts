import type { RunningProgram } from './start-program.ts';

type Guild = {
  id: string;
  name: string;
  roles: { id: string; name: string; permissions: string }[];
  members: { user_id: string; roles: string[] }[];
  channels: { id: string; name: string }[];
};

/** As much of the sandbox's world as the tests look at. */
export type World = { bot: { id: string }; guilds: Guild[] };

export async function readWorld({ control }: RunningProgram): Promise<World> {
  return (await control('world')) as World;
}

export async function findGuild(program: RunningProgram, name: string): Promise<Guild> {
  const guild = (await readWorld(program)).guilds.find((each) => each.name === name);
  if (!guild) throw new Error(`the sandbox has no guild ${name}`);
  return guild;
}
