import { Argument, Command, CommanderError, Option } from 'commander';
import { scanStatuses } from '../db/scan-run-states.ts';
import { scheduledJobNames } from '../jobs/jobs.ts';
import { ClipdexError } from '../lib/errors.ts';
import { packageVersion } from '../lib/package-root.ts';
import { daysFor, everySnowflakeFor, limitFor, onOrOffFor, runIdFor, snowflakeFor } from './arguments.ts';
import { cancelRun } from './cancel-run.ts';
import { showChannels } from './channels.ts';
import { showCoverage } from './coverage.ts';
import { runDoctor } from './doctor/doctor.ts';
import type { Interrupt } from './interrupt.ts';
import { migrateDatabase } from './migrate.ts';
import type { Output } from './output.ts';
import { pruneRuns } from './prune-runs.ts';
import {
  type CommandUse,
  type Command as CommandWork,
  type ExitCode,
  exitCodes,
  explainErrors,
  runCommand,
} from './run-command.ts';
import { showRuns } from './runs.ts';
import { scanWhat } from './scan-what.ts';
import { setSettings, showSettings, unsetSettings } from './settings.ts';
import { switchChannels } from './switch-reading.ts';
import { showVideos } from './videos.ts';

/** How a command gets to its work: with the configuration read, or, for the doctor, without. */
type Runners = {
  run(use: CommandUse, work: CommandWork): Promise<void>;
  runUnconfigured(work: (output: Output, signal: AbortSignal) => Promise<ExitCode>): Promise<void>;
};

const examples = `
Examples:
  clipdex start                          run everything; without a Discord token against a sandbox
  clipdex channels                       guilds and channels, with their ids
  clipdex scan 81384788765712384 --wait  read the whole history of a channel and watch it
  clipdex videos --limit 5               the five newest videos
  clipdex runs --json | jq '.[0]'        the run under way, or the latest one, for scripts
  clipdex doctor                         what is wrong, and what to do about it

In a clone, write "npx clipdex" in place of "clipdex".
Configuration comes from the environment: see docs/configuration.md.`;

/** Runs what the arguments ask for. Returns the exit code of the process. */
export async function runProgram(args: string[], output: Output, interrupt: Interrupt): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = createProgram(output.isJson, {
    async run(use, work) {
      exitCode = await runCommand(work, use, output, interrupt);
    },
    async runUnconfigured(work) {
      exitCode = await explainErrors(output, interrupt, () => work(output, interrupt.signal));
    },
  });
  return (await parse(program, args, output)) ?? exitCode;
}

/** Every command and option on one page. What runs all parts is loaded when asked for, so that lists come at once. */
export function createProgram(isJson: boolean, { run, runUnconfigured }: Runners): Command {
  const program = createRoot(isJson);
  program
    .command('start')
    .description('run Clipdex until Ctrl-C: gateway, worker and web, or the ROLES of this machine')
    .action(async () => run('program', (await import('./start.ts')).start));
  program
    .command('migrate')
    .description('bring the database up to this version (start does it by itself)')
    .action(() => run('once', migrateDatabase));
  program
    .command('sandbox')
    .description('run a Discord on this machine with sample guilds, for trying things out')
    .action(async () => run('program', (await import('./sandbox.ts')).runSandbox));
  program
    .command('scan')
    .description('read the history of a channel and find its videos; what is known already is not read again')
    .addArgument(new Argument('[channel]', 'id of the channel').argParser(snowflakeFor('[channel]')))
    .addOption(idOption('--after <id>', 'only messages newer than this id'))
    .addOption(idOption('--before <id>', 'only messages older than this id'))
    .addOption(idOption('--guild <id>', 'all channels of this guild that are read, and their threads'))
    .option('--index-only', 'with --guild: only ask its search index, which is quick but proves nothing')
    .addOption(
      new Option('--retry <run>', 'once more what this run, which failed or was canceled, left').argParser(
        runIdFor('--retry <run>'),
      ),
    )
    .option('--wait', 'show the progress and end when all has ended')
    .action((channel, options) => run('once', scanWhat(channel, options)));
  addChannelCommands(program, run);
  addRunCommands(program, run);
  addSettingsCommands(program, run);
  addJobCommands(program, run);
  program
    .command('coverage')
    .description('tell what is read without a gap, where the holes are, and what was posted in each year')
    .addOption(idOption('--channel <id>', 'of this channel, in full'))
    .addOption(idOption('--guild <id>', 'of this guild, a line for each channel'))
    .action((options) => run('once', showCoverage(options)));
  program
    .command('videos')
    .description('list the newest videos')
    .addOption(idOption('--guild <id>', 'only of this guild'))
    .addOption(idOption('--channel <id>', 'only of this channel'))
    .addOption(limitOption())
    .action((options) => run('once', showVideos(options)));
  program
    .command('doctor')
    .description('check database, disk, Discord, intents and permissions, and say what to do')
    .action(() => runUnconfigured(runDoctor));

  return program;
}

function addChannelCommands(program: Command, run: Runners['run']): void {
  const channels = program
    .command('channels')
    .description('list guilds and their channels, with the ids that the other commands take')
    .addOption(idOption('--guild <id>', 'only of this guild'))
    .option('--threads', 'their threads, too, each below its channel')
    .action((options) => run('once', showChannels(options)));
  channels
    .command('read')
    .description(
      'switch the reading of channels, and of their threads, on or off; off ends their scans at once',
    )
    .addArgument(new Argument('<on|off>', 'whether they are read').argParser(onOrOffFor('<on|off>')))
    .addArgument(
      new Argument('<channels...>', 'ids of the channels').argParser(everySnowflakeFor('<channels...>')),
    )
    .action((isReading, ids) => run('once', switchChannels(isReading, ids)));
}

function addRunCommands(program: Command, run: Runners['run']): void {
  const runs = program
    .command('runs')
    .description('list scan runs: those under way first, then the newest')
    .addOption(idOption('--channel <id>', 'only of this channel'))
    .addOption(idOption('--guild <id>', 'only of this guild'))
    .addOption(new Option('--status <status>', 'only with this status').choices(scanStatuses))
    .addOption(limitOption())
    .action((options) => run('once', showRuns(options)));
  runs
    .command('cancel')
    .description('end a run or an index pass; what it has read stays read')
    .addArgument(new Argument('<run>', 'id of the run or index pass').argParser(runIdFor('<run>')))
    .action((runId) => run('once', cancelRun(runId)));
  runs
    .command('prune')
    .description('forget runs that ended long ago; the newest of each channel is kept')
    .addOption(
      new Option('--older-than <days>', 'only those that ended more than so many days ago')
        .argParser(daysFor('--older-than <days>'))
        .makeOptionMandatory(),
    )
    .action((options) => run('once', pruneRuns(options)));
}

function addSettingsCommands(program: Command, run: Runners['run']): void {
  const settings = ofPlace(program.command('settings'))
    .description('show the settings of a guild or a channel: what holds, and what is set there itself')
    .action((options) => run('once', showSettings(options)));
  ofPlace(settings.command('set'))
    .description('change settings, as in video_formats=mp4,webm; running work takes them over within seconds')
    .argument('<settings...>', 'each as <key>=<value>')
    .action((assignments, _, command) => run('once', setSettings(assignments, command.optsWithGlobals())));
  ofPlace(settings.command('unset'))
    .description('let settings inherit again: a channel from its guild, a guild from the defaults')
    .argument('<keys...>', 'names of the settings')
    .action((keys, _, command) => run('once', unsetSettings(keys, command.optsWithGlobals())));
}

function addJobCommands(program: Command, run: Runners['run']): void {
  const jobs = program.command('jobs').description('what runs by itself at certain times');
  jobs
    .command('list', { isDefault: true })
    .description('list these jobs, and when they run')
    .action(async () => run('once', (await import('./jobs.ts')).listJobs));
  jobs
    .command('run')
    .description('run one of them now, in this process, and tell what it did')
    .addArgument(new Argument('<job>', 'name of the job').choices(scheduledJobNames))
    .action(async (name) => run('once', (await import('./jobs.ts')).runJob(name)));
}

/** Options may stand before or behind the name of a subcommand. */
function ofPlace(command: Command): Command {
  return command
    .addOption(idOption('--guild <id>', 'of this guild'))
    .addOption(idOption('--channel <id>', 'of this channel, and of its threads'));
}

function createRoot(isJson: boolean): Command {
  const program = new Command('clipdex')
    .description('Finds every video ever posted in the channels of Discord guilds, and keeps it playable.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--json', 'print JSON for scripts; errors too, on stderr')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: optionsOfAll })
    .addHelpText('after', examples)
    .exitOverride();
  if (isJson) return program.configureOutput({ writeErr: () => {} });
  return program.showHelpAfterError('(add --help to see what there is)');
}

/** Those of the program, without those of a list that a subcommand has nothing to do with. */
function optionsOfAll(command: Command): Option[] {
  let program = command;
  while (program.parent) program = program.parent;
  return program === command ? [] : [...program.options];
}

/** What was decided before a command ran (help, version, wrong usage), or undefined when one did. */
async function parse(program: Command, args: string[], output: Output): Promise<ExitCode | undefined> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof ClipdexError) {
      output.error(error.code, error.message);
      return exitCodes.wrongUsage;
    }
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    if (output.isJson) output.error('wrong_usage', usageMessage(error));
    return exitCodes.wrongUsage;
  }
}

function usageMessage(error: CommanderError): string {
  return error.code === 'commander.help' ? 'No command was given.' : error.message.replace(/^error: /, '');
}

function idOption<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description).argParser(snowflakeFor(flags));
}

function limitOption() {
  return new Option('--limit <n>', 'how many at most').argParser(limitFor('--limit <n>')).default(20);
}
