import { deleteGoneThread } from '../db/channels-sync.ts';
import type { Queryable } from '../db/database.ts';
import { DiscordError } from '../discord/discord-error.ts';

const UNKNOWN_CHANNEL = 10_003; // Discord's code; other answers of 404 speak of a guild that was left, or of a route

/**
 * Takes a thread out of the library when Discord has answered that there is no such channel. False when it said
 * something else, or when it is no thread.
 */
export async function removeGoneThread(db: Queryable, channelId: string, error: unknown): Promise<boolean> {
  if (!(error instanceof DiscordError) || error.discordCode !== UNKNOWN_CHANNEL) return false;
  return deleteGoneThread(db, channelId);
}
