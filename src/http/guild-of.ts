import { findChannelOverview } from '../db/channel-overviews.ts';
import { findRun } from '../db/list-scan-runs.ts';
import { canSeeGuild, type Sight } from '../db/sight.ts';
import type { Services } from './services.ts';

/*
 * Which guild a manager's door is about, by the id in its path: as far as the viewer sees what the id names; null: it is
 * not seen, or not there.
 */
type AskedById = { path: { id: string }; sight(): Promise<Sight> };

export async function guildItself({ db }: Services, { path, sight }: AskedById): Promise<string | null> {
  return (await canSeeGuild(db, await sight(), path.id)) ? path.id : null;
}

export async function guildOfChannel({ db }: Services, { path, sight }: AskedById): Promise<string | null> {
  return (await findChannelOverview(db, await sight(), path.id))?.guild_id ?? null;
}

export async function guildOfRun({ db }: Services, { path, sight }: AskedById): Promise<string | null> {
  return (await findRun(db, await sight(), path.id))?.guildId ?? null;
}
