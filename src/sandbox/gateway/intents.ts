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
  const privileged: [number, boolean][] = [
    [GatewayIntentBits.MessageContent, switches.messageContent],
    [GatewayIntentBits.GuildMembers, switches.guildMembers],
    [GatewayIntentBits.GuildPresences, switches.presences],
  ];
  return privileged.some(([bit, isOn]) => (intents & bit) !== 0 && !isOn) ? 'disallowed' : 'allowed';
}

export function hasIntent(intents: number, bit: number): boolean {
  return bit === 0 || (intents & bit) !== 0;
}

/** A session reads content when it asked for it and the application still has it on. */
export function mayReadContent(intents: number, switches: Switches): boolean {
  return hasIntent(intents, GatewayIntentBits.MessageContent) && switches.messageContent;
}
