import { type Config, loadConfig } from '../../config.ts';
import { type Finding, fail, ok } from '../../doctor/finding.ts';
import { checkDataDirectory, checkDisk, checkNode, checkPublicUrl } from '../../doctor/host-checks.ts';
import { ClipdexError } from '../../lib/errors.ts';
import { plainText } from '../../lib/plain-text.ts';
import type { Output } from '../output.ts';
import { type ExitCode, exitCodes } from '../run-command.ts';
import { reachDatabase } from './reach-database.ts';
import { reachDiscord } from './reach-discord.ts';
import { checkSandbox } from './sandbox-checks.ts';

/** Runs every check that can be run, and prints each finding as it comes. Fails when one of them does. */
export async function runDoctor(output: Output, signal: AbortSignal): Promise<ExitCode> {
  const findings: Finding[] = [];
  for await (const finding of examine(signal)) {
    findings.push(finding);
    output.line(lineOf(finding));
  }
  output.json(findings);
  return findings.some(({ status }) => status === 'fail') ? exitCodes.failed : exitCodes.done;
}

async function* examine(signal: AbortSignal): AsyncGenerator<Finding> {
  yield checkNode();
  const config = readConfiguration();
  if ('status' in config) {
    yield config;
    return;
  }
  yield ok('configuration', 'all variables are well formed');
  yield await checkDataDirectory(config.dataDir);
  yield await checkDisk(config.dataDir);
  if (config.publicUrl !== null) yield checkPublicUrl(config.publicUrl);
  yield* reachDatabase(config, signal);
  if (config.discord) yield* reachDiscord(config.discord, signal);
  else yield* checkSandbox(config.sandbox, signal);
}

function readConfiguration(): Config | Finding {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ClipdexError)) throw error;
    return fail('configuration', error.message, 'Correct the variables; the other checks need them.');
  }
}

function lineOf({ check, status, message, action }: Finding): string {
  return `${status.padEnd(4)}  ${plainText(check)}: ${message}${action === null ? '' : ` – ${action}`}`;
}
