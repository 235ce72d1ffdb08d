import type { GuildPlan } from '../guild-plan.ts';
import type { BookName } from '../phrases/book.ts';
import { chalkAndWheels } from './chalk-and-wheels.ts';
import { flickerHouse } from './flicker-house.ts';
import { pixelHarbor } from './pixel-harbor.ts';
import { sundayKites } from './sunday-kites.ts';

export const guildPlans: readonly GuildPlan[] = [pixelHarbor, chalkAndWheels, flickerHouse, sundayKites];

/** How people talk in a channel; as in a lounge where no plan knows it, for it was made since. */
export function plannedBook(guildName: string, channelName: string): BookName {
  const plan = guildPlans.find(({ name }) => name === guildName);
  const channels = plan?.categories.flatMap((category) => category.channels);
  return channels?.find(({ name }) => name === channelName)?.book ?? 'lounge';
}
