import { once } from 'node:events';
import type { Config } from '../config.ts';
import { generateWorld } from '../sandbox/generate/generate-world.ts';
import { botTokenOf, type RunningSandbox, startSandbox } from '../sandbox/server.ts';
import { type Command, exitCodes } from './run-command.ts';

/** Runs the sandbox alone, and says how to point a Clipdex at it. What is changed in it is forgotten when it ends. */
export const runSandbox: Command = async ({ config, log, signal, output }) => {
  const { port, seed, isLive } = config.sandbox;
  const sandbox = await startSandbox({ port, world: generateWorld(seed), liveTraffic: isLive, log, signal });
  try {
    const environment = environmentOf(sandbox);
    output.json({ url: sandbox.url, apiUrl: sandbox.apiUrl, environment });
    output.line(`The sandbox is at ${sandbox.url}, its API at ${sandbox.apiUrl}.`);
    output.line('These lines, in the environment or the .env file of a Clipdex, point it there:');
    for (const [name, value] of Object.entries(environment)) output.line(`  ${name}=${value}`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await sandbox.close();
  }
  output.line('Stopped.');
  return exitCodes.done;
};

/** The sandbox's token opens nothing but the sandbox, so it may be shown. */
function environmentOf(sandbox: RunningSandbox): Record<string, string> {
  return {
    DISCORD_BOT_TOKEN: sandbox.token,
    DISCORD_CLIENT_ID: sandbox.clientId,
    DISCORD_CLIENT_SECRET: sandbox.clientSecret,
    DISCORD_API_URL: sandbox.apiUrl,
    DISCORD_AUTHORIZE_URL: sandbox.authorizeUrl,
    DISCORD_CDN_ORIGINS: sandbox.cdnOrigins.join(','),
  };
}

/** How a sandbox of this configuration is spoken to when it runs on this machine. */
export function sandboxAccess({ port, seed }: Config['sandbox']): { apiUrl: string; botToken: string } {
  return { apiUrl: `http://127.0.0.1:${port}/api`, botToken: botTokenOf(generateWorld(seed)) };
}
