import type { Database } from '../db/database.ts';
import { getIndexPass, type IndexPassRefusal } from '../db/index-passes.ts';
import type { Snowflake } from '../discord/snowflake.ts';
import { toIndexPass, type WholeIndexPass } from '../http/index-passes.ts';
import { enqueueIndexPass } from '../jobs/enqueue-index-pass.ts';
import { ClipdexError } from '../lib/errors.ts';
import { follow, isFinal, stopWaiting } from './follow-run.ts';
import { formatCount, formatReason, formatTime } from './format.ts';
import { type Command, type CommandContext, type ExitCode, exitCodes } from './run-command.ts';
import { warnWithoutWorker } from './wait-for-run.ts';
import { withDatabase } from './with-database.ts';

/** `scan --guild <id> --index-only`: asks Discord's search index, and reads no history. */
export function indexGuild(guildId: Snowflake, options: { wait?: boolean }): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      const { output } = context;
      const { passId, isNew } = await enqueueOrJoin(db, guildId);
      output.line(
        isNew ? `Queued index pass ${passId}.` : `The index pass ${passId} asks for this guild already.`,
      );
      await warnWithoutWorker(db, context);
      if (options.wait) return await waitForPass(db, passId, context);
      output.json(await readPass(db, passId));
      return exitCodes.done;
    });
}

async function enqueueOrJoin(db: Database, guildId: string): Promise<{ passId: string; isNew: boolean }> {
  const result = await db.transaction((tx) => enqueueIndexPass(tx, { guildId, requestedBy: 'person' }));
  if (result.ok) return { passId: result.pass.id, isNew: true };
  if (result.reason === 'pass_unfinished') return { passId: result.passId, isNew: false };
  throw new ClipdexError(result.reason, refusals[result.reason](guildId));
}

const refusals: Record<IndexPassRefusal, (guildId: string) => string> = {
  guild_unknown: (guildId) =>
    `There is no guild ${guildId} here; "clipdex channels" lists what there is. A new guild is known once the program has seen it.`,
  nothing_to_read: (guildId) => `No channel of guild ${guildId} is read, so there is nothing to ask for.`,
};

async function waitForPass(db: Database, passId: string, context: CommandContext): Promise<ExitCode> {
  const pass = await follow(
    () => readPass(db, passId),
    isFinal,
    (now, progress) => progress.show(null, progressText(now)),
    context,
  );
  if (!isFinal(pass)) return stopWaiting(context, `The index pass ${passId} goes on.`);
  context.output.json(pass);
  context.output.line(summary(pass));
  return pass.status === 'succeeded' ? exitCodes.done : exitCodes.failed;
}

function progressText(pass: WholeIndexPass): string {
  if (pass.status === 'queued') return 'queued';
  const parked =
    pass.parkedUntil === null ? '' : `, waiting for Discord until ${formatTime(pass.parkedUntil)}`;
  return `${formatCount(pass.pages)} pages, ${formatCount(pass.videosFound)} videos${parked}`;
}

function summary(pass: WholeIndexPass): string {
  const counts = `${formatCount(pass.videosFound)} new videos in ${formatCount(pass.messagesFound)} messages`;
  if (pass.status === 'succeeded' && pass.videosFound === '0') {
    return 'The search index told of nothing that is not known already.';
  }
  if (pass.status === 'succeeded') {
    return `The search index told of ${counts}. They are shown now; a scan of the history confirms them and finds the rest.`;
  }
  const end = pass.status === 'failed' ? 'has failed' : 'was canceled';
  return `The index pass ${end}: ${counts}. ${formatReason(pass.errorMessage)}`.trimEnd();
}

async function readPass(db: Database, passId: string): Promise<WholeIndexPass> {
  const pass = await getIndexPass(db, passId);
  if (pass) return toIndexPass(pass);
  throw new ClipdexError('pass_unknown', `The index pass ${passId} is gone: its guild was left and deleted.`);
}
