import { getEffectiveSettings } from '../db/channel-settings.ts';
import { getChannel } from '../db/channels.ts';
import type { Queryable, Transaction } from '../db/database.ts';
import { getGuildSettings } from '../db/guild-settings.ts';
import {
  effectiveSettings,
  parseChannelSettingsPatch,
  parseSettingsPatch,
  type SettingsPatch,
  type StoredSettings,
} from '../db/settings.ts';
import { canSeeChannel, canSeeGuild, type Sight } from '../db/sight.ts';
import { type ChangeHow, changeChannelSettings, changeGuildSettings } from '../jobs/change-settings.ts';
import { ClipdexError } from '../lib/errors.ts';
import { unknownChannel } from './channels.ts';
import { type SettingsView, settingsPatch, settingsView } from './contract/settings.ts';
import { action, managerAction } from './door.ts';
import { guildItself, guildOfChannel } from './guild-of.ts';
import { unknownGuild } from './guilds.ts';
import { snowflake } from './parameters.ts';
import { ProblemError } from './problem.ts';

/** What has settings of its own: a guild, or a channel. */
type Place = {
  name: string;
  guildOf: typeof guildItself;
  isSeen(db: Queryable, sight: Sight, id: string): Promise<boolean>;
  parse(body: unknown): SettingsPatch;
  change(tx: Transaction, id: string, patch: SettingsPatch, how: ChangeHow): Promise<StoredSettings | null>;
  /** Null: it is not there any more. */
  view(db: Queryable, id: string): Promise<SettingsView | null>;
  unknown(id: string): ProblemError;
};

const guildPlace: Place = {
  name: 'a guild',
  guildOf: guildItself,
  isSeen: canSeeGuild,
  parse: parseSettingsPatch,
  change: changeGuildSettings,
  async view(db, id) {
    const own = (await getGuildSettings(db, id)) ?? {};
    return { effective: effectiveSettings(own), own };
  },
  unknown: unknownGuild,
};

const channelPlace: Place = {
  name: 'a channel',
  guildOf: guildOfChannel,
  isSeen: canSeeChannel,
  parse: parseChannelSettingsPatch,
  change: changeChannelSettings,
  async view(db, id) {
    const effective = await getEffectiveSettings(db, id);
    return effective && { effective, own: (await getChannel(db, id))?.settings ?? {} };
  },
  unknown: unknownChannel,
};

export const getSettingsOfGuild = getSettings(guildPlace);
export const patchSettingsOfGuild = changeSettings(guildPlace, 'merge');
export const putSettingsOfGuild = changeSettings(guildPlace, 'replace');
export const getSettingsOfChannel = getSettings(channelPlace);
export const patchSettingsOfChannel = changeSettings(channelPlace, 'merge');
export const putSettingsOfChannel = changeSettings(channelPlace, 'replace');

function getSettings(place: Place) {
  return action({
    summary: `The settings of ${place.name}: what holds, and what is set there`,
    path: { id: snowflake },
    answer: settingsView,
    async handle({ db }, { path, sight }) {
      if (!(await place.isSeen(db, await sight(), path.id))) throw place.unknown(path.id);
      return viewSettings(place, db, path.id);
    },
  });
}

function changeSettings(place: Place, how: ChangeHow) {
  return managerAction({
    summary:
      how === 'merge'
        ? `Changes some settings of ${place.name}; null inherits again`
        : `Replaces all that is set for ${place.name}`,
    path: { id: snowflake },
    body: settingsPatch,
    answer: settingsView,
    guildOf: place.guildOf,
    async handle({ db }, { path, body }) {
      const patch = checked(() => place.parse(body));
      const stored = await db.transaction((tx) => place.change(tx, path.id, patch, how));
      if (stored === null) throw place.unknown(path.id);
      return viewSettings(place, db, path.id);
    },
  });
}

async function viewSettings(place: Place, db: Queryable, id: string): Promise<SettingsView> {
  const view = await place.view(db, id);
  if (view === null) throw place.unknown(id);
  return view;
}

/** What is wrong with settings names them itself. */
function checked<Patch>(parse: () => Patch): Patch {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ClipdexError)) throw error;
    throw new ProblemError({
      status: 400,
      code: 'settings_invalid',
      title: 'These settings are not valid',
      detail: error.message,
    });
  }
}
