import { openApp, runApp } from '../app.ts';
import { isAbortError } from '../lib/errors.ts';
import { type Command, exitCodes } from './run-command.ts';

/** Runs until it is told to stop, which is its regular end. */
export const start: Command = async ({ config, log, signal, output }) => {
  const announce = (line: string) => {
    output.line(line);
    output.json({ message: line.trim() });
  };
  try {
    const app = await openApp(config, { log, signal, announce });
    try {
      await runApp(app, { announce });
    } finally {
      await app.close();
    }
  } catch (error) {
    if (!(signal.aborted && isAbortError(error))) throw error;
  }
  announce('Stopped.');
  return exitCodes.done;
};
