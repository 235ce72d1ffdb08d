import { getEffectiveSettings } from '../db/channel-settings.ts';
import { getChannel } from '../db/channels.ts';
import type { Database } from '../db/database.ts';
import { getGuildSettings } from '../db/guild-settings.ts';
import {
  effectiveSettings,
  parseChannelSettingsPatch,
  parseSettingsPatch,
  type Settings,
  type StoredSettings,
  settingKeys,
} from '../db/settings.ts';
import { changeChannelSettings, changeGuildSettings } from '../jobs/change-settings.ts';
import { ClipdexError } from '../lib/errors.ts';
import { checkScope, type LibraryScope } from './library-scope.ts';
import { type Command, type CommandContext, exitCodes } from './run-command.ts';
import { parseAssignments, parseKeys } from './setting-arguments.ts';
import { type Column, formatTable } from './table.ts';
import { withDatabase } from './with-database.ts';

type Place = { guild: string } | { channel: string };
type SettingsView = { effective: Settings; own: StoredSettings };

export function showSettings(scope: LibraryScope): Command {
  return (context) =>
    onPlace(scope, context, async (db, place) => show(await readSettings(db, place), context));
}

/** `settings set key=value …` */
export function setSettings(assignments: readonly string[], scope: LibraryScope): Command {
  return (context) => changeSettings(parseAssignments(assignments), scope, context);
}

/** `settings unset key …`: the keys inherit again. */
export function unsetSettings(keys: readonly string[], scope: LibraryScope): Command {
  return (context) => changeSettings(parseKeys(keys), scope, context);
}

function changeSettings(input: Record<string, unknown>, scope: LibraryScope, context: CommandContext) {
  const patch = scope.channel === undefined ? parseSettingsPatch(input) : parseChannelSettingsPatch(input);
  return onPlace(scope, context, async (db, place) => {
    await db.transaction((tx) =>
      'guild' in place
        ? changeGuildSettings(tx, place.guild, patch)
        : changeChannelSettings(tx, place.channel, patch),
    );
    show(await readSettings(db, place), context);
    if (patch.video_formats !== undefined) {
      context.output.line(
        '\nFiles that are stored already are decided anew in a moment; nothing is read again.',
      );
    }
  });
}

async function onPlace(
  scope: LibraryScope,
  context: CommandContext,
  work: (db: Database, place: Place) => Promise<void>,
) {
  const place = placeOf(scope);
  return withDatabase(context, async (db) => {
    await checkScope(db, place, { mayBeClosed: true });
    await work(db, place);
    return exitCodes.done;
  });
}

function placeOf({ guild, channel }: LibraryScope): Place {
  if (guild !== undefined && channel === undefined) return { guild };
  if (channel !== undefined && guild === undefined) return { channel };
  throw new ClipdexError(
    'wrong_usage',
    'Say whose settings: either --guild <id> or --channel <id>; "clipdex channels" lists the ids.',
  );
}

async function readSettings(db: Database, place: Place): Promise<SettingsView> {
  if ('guild' in place) {
    const own = (await getGuildSettings(db, place.guild)) ?? {};
    return { effective: effectiveSettings(own), own };
  }
  const effective = (await getEffectiveSettings(db, place.channel)) ?? effectiveSettings();
  return { effective, own: (await getChannel(db, place.channel))?.settings ?? {} };
}

function show(view: SettingsView, { output }: CommandContext): void {
  output.json(view);
  output.line(formatTable(columnsOf(view), settingKeys));
}

function columnsOf({ effective, own }: SettingsView): Column<keyof Settings>[] {
  return [
    { title: 'setting', value: (key) => key },
    { title: 'in effect', value: (key) => formatValue(effective[key]) },
    { title: 'set here', value: (key) => (key in own ? formatValue(own[key]) : 'no, inherited') },
  ];
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
