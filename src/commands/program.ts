import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, CommanderError, Option } from 'commander';
import { ClipdexError } from '../lib/errors.ts';
import { packageRoot } from '../lib/package-root.ts';
import { limitFor, snowflakeFor } from './arguments.ts';
import { showChannels } from './channels.ts';
import { runDoctor } from './doctor/doctor.ts';
import type { Interrupt } from './interrupt.ts';
import { migrateDatabase } from './migrate.ts';
import type { Output } from './output.ts';
import {
  type CommandUse,
  type Command as CommandWork,
  type ExitCode,
  exitCodes,
  explainErrors,
  runCommand,
} from './run-command.ts';
import { showRuns } from './runs.ts';
import { scanChannel } from './scan.ts';
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
Settings come from the environment: see docs/configuration.md.`;

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
    .addArgument(new Argument('<channel>', 'id of the channel').argParser(snowflakeFor('<channel>')))
    .addOption(idOption('--after <id>', 'only messages newer than this id'))
    .addOption(idOption('--before <id>', 'only messages older than this id'))
    .option('--wait', 'show the progress and end when the run has ended')
    .action((channel, options) => run('once', scanChannel(channel, options)));
  program
    .command('channels')
    .description('list guilds and their channels, with the ids that the other commands take')
    .addOption(idOption('--guild <id>', 'only of this guild'))
    .action((options) => run('once', showChannels(options)));
  program
    .command('runs')
    .description('list scan runs: those under way first, then the newest')
    .addOption(idOption('--channel <id>', 'only of this channel'))
    .addOption(idOption('--guild <id>', 'only of this guild'))
    .addOption(limitOption())
    .action((options) => run('once', showRuns(options)));
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

function createRoot(isJson: boolean): Command {
  const program = new Command('clipdex')
    .description('Finds every video ever posted in the channels of Discord guilds, and keeps it playable.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--json', 'print JSON for scripts; errors too, on stderr')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', examples)
    .exitOverride();
  if (isJson) return program.configureOutput({ writeErr: () => {} });
  return program.showHelpAfterError('(add --help to see what there is)');
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

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
