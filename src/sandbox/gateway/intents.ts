import { GatewayIntentBits } from 'discord-api-types/v10';
import type { Switches } from '../state.ts';

const known = Object.values(GatewayIntentBits)
  .filter((bit) => typeof bit === 'number')
  .reduce((all, bit) => all | bit, 0);

export type IntentsVerdict = 'allowed' | 'invalid' | 'disallowed';

/** Unknown bits are invalid; a privileged intent that the portal page has off is disallowed. */
export function checkIntents(intents: unknown, switches: Switches): IntentsVerdict {
  if (typeof intents !== 'number' || !Number.isInteger(intents) || intents < 0 || (intents & ~known) !== 0) {
    return 'invalid';
  }
  return (intents & intentsThatAreOff(switches)) === 0 ? 'allowed' : 'disallowed';
}

/** What a session hears of: what it asked for, as far as the portal page still has it on. */
export function intentsInForce(intents: number, switches: Switches): number {
  return intents & ~intentsThatAreOff(switches);
}

export function hasIntent(intents: number, bit: number): boolean {
  return bit === 0 || (intents & bit) !== 0;
}

function intentsThatAreOff({ messageContent, guildMembers, presences }: Switches): number {
  return (
    (messageContent ? 0 : GatewayIntentBits.MessageContent) |
    (guildMembers ? 0 : GatewayIntentBits.GuildMembers) |
    (presences ? 0 : GatewayIntentBits.GuildPresences)
  );
}
