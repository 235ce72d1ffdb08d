import type { World } from '../world.ts';
import { makeGuild } from './guild.ts';
import { createIdMint } from './id-mint.ts';
import { makePeople } from './people.ts';
import { guildPlans } from './plans/all-plans.ts';
import { createRandom } from './random.ts';

/** Some communities with five years of posts, the same for the same seed to the byte. */
export function generateWorld(seed: number): World {
  const random = createRandom(seed);
  const mintId = createIdMint();
  const people = makePeople(random.fork('people'), mintId);
  const captionsSaid = new Set<string>();
  const guilds = guildPlans.map((plan) =>
    makeGuild(random.fork(plan.name), mintId, people, plan, captionsSaid),
  );
  return {
    seed,
    application: { id: people.clipdex.id, name: people.clipdex.username },
    bot: people.clipdex,
    users: new Map([...people.byHandle.values()].map((user) => [user.id, user])),
    guilds: new Map(guilds.map((guild) => [guild.id, guild])),
  };
}
