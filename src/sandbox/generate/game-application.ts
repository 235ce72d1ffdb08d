import type { APIApplication } from 'discord-api-types/v10';
import { games } from './phrases/gaming.ts';
import type { Random } from './random.ts';

/** Ids of the games' applications begin here: a moment in 2020. */
const FIRST_APPLICATION_ID = 710_000_000_000_000_000n;

/** The game that a clip was recorded in, as Discord names it. */
export function gameApplication(random: Random): APIApplication {
  const index = random.int(0, games.length - 1);
  const application = {
    id: String(FIRST_APPLICATION_ID + BigInt(index) * 4_194_304n),
    name: games[index] ?? '',
    icon: null,
    description: '',
    type: null,
    summary: '' as const,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    team: null,
    flags: 0,
    flags_new: '0',
  };
  return application;
}
