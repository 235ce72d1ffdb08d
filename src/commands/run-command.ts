import { inspect } from 'node:util';
import { type Config, isDebugLevel, loadConfig } from '../config.ts';
import { ClipdexError, isAbortError, messageOf } from '../lib/errors.ts';
import { createLogger, type Logger } from '../lib/log.ts';
import type { Interrupt } from './interrupt.ts';
import type { Output } from './output.ts';

export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What every command is given. */
export type CommandContext = {
  config: Config;
  log: Logger;
  /** Aborts on Ctrl-C, SIGTERM and when nobody reads the output any more. */
  signal: AbortSignal;
  output: Output;
};

export type Command = (context: CommandContext) => Promise<ExitCode>;

/** `program` runs until it is told to stop; `once` does its work and ends. */
export type CommandUse = 'program' | 'once';

/** Runs a command to its exit code, with the configuration that it needs. */
export function runCommand(
  command: Command,
  use: CommandUse,
  output: Output,
  interrupt: Interrupt,
): Promise<ExitCode> {
  return explainErrors(output, interrupt, () => {
    const config = loadConfig();
    const log = createLogger(use === 'once' && config.logLevel === 'info' ? 'warn' : config.logLevel);
    return command({ config, log, signal: interrupt.signal, output });
  });
}

/** Whatever goes wrong becomes a sentence and a code. */
export async function explainErrors(
  output: Output,
  interrupt: Interrupt,
  run: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    if (interrupt.signal.aborted && isAbortError(error)) return endOfInterrupted(output);
    return reportError(error, output);
  }
}

/** Whoever closed the output (`| head`) has what they wanted; else it was Ctrl-C. */
export function endOfInterrupted(output: Output): ExitCode {
  return output.isReaderGone ? exitCodes.done : exitCodes.interrupted;
}

/** Expected errors are one sentence; others come with their stack when LOG_LEVEL asks for it. */
function reportError(error: unknown, output: Output): ExitCode {
  if (error instanceof ClipdexError) {
    output.error(error.code, error.message);
    return error.code === 'wrong_usage' ? exitCodes.wrongUsage : exitCodes.failed;
  }
  const isDebugging = isDebugLevel();
  const hint = isDebugging ? '' : ' Run it again with LOG_LEVEL=debug to see where it comes from.';
  output.error('unexpected', `Something unexpected went wrong: ${messageOf(error)}.${hint}`);
  if (isDebugging && error instanceof Error) output.notice(inspect(error));
  return exitCodes.failed;
}
