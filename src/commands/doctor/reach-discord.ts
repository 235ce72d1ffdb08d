import type { DiscordConfig } from '../../config.ts';
import { createDiscordRest } from '../../discord/rest.ts';
import { checkDiscord } from '../../doctor/discord-checks.ts';
import type { Finding } from '../../doctor/finding.ts';
import { createLogger } from '../../lib/log.ts';

/** Examines Discord over a connection of its own. */
export async function* reachDiscord(
  { apiUrl, botToken, ...client }: Pick<DiscordConfig, 'apiUrl' | 'botToken' | 'clientId' | 'clientSecret'>,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const rest = createDiscordRest({ apiUrl, token: botToken, log: createLogger('silent'), signal });
  try {
    yield* checkDiscord({ apiUrl, rest, ...client, call: { signal } });
  } finally {
    await rest.close();
  }
}
