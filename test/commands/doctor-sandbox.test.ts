import { expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { createLogger } from '../../src/lib/log.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runClipdex } from './run-clipdex.ts';

test('without a token the doctor examines the sandbox that runs, and only that of its seed', async () => {
  const { signal } = new AbortController();
  const sandbox = await startSandbox({
    port: 0,
    world: generateWorld(7),
    log: createLogger('silent'),
    signal,
  });
  try {
    const port = new URL(sandbox.url).port;
    const examined = await diagnose({ SANDBOX_PORT: port, SANDBOX_SEED: '7' });
    for (const check of ['sandbox', 'token', 'message content intent']) {
      expect(examined).toContainEqual(expect.objectContaining({ check, status: 'ok' }));
    }
    expect(examined.map(({ message }) => message).join('\n')).toMatch(/Read Message History is missing in #/);

    const other = await diagnose({ SANDBOX_PORT: port, SANDBOX_SEED: '8' });
    expect(other.at(-1)).toMatchObject({
      check: 'sandbox',
      status: 'ok',
      message: expect.stringContaining(`None with this seed answers on port ${port}`),
    });
  } finally {
    await sandbox.close();
  }
});

test('the doctor finds out whether the client secret is taken, and never shows it', async () => {
  const { signal } = new AbortController();
  const log = createLogger('silent');
  const sandbox = await startSandbox({ port: 0, world: generateWorld(7), log, signal });
  try {
    const diagnoseWith = async (secret: string) => {
      const examined = await diagnose({
        DISCORD_BOT_TOKEN: sandbox.token,
        DISCORD_API_URL: sandbox.apiUrl,
        DISCORD_CLIENT_ID: sandbox.clientId,
        DISCORD_CLIENT_SECRET: secret,
      });
      expect(JSON.stringify(examined)).not.toContain(secret);
      return examined.find(({ check }) => check === 'client secret');
    };
    expect(await diagnoseWith(sandbox.clientSecret)).toMatchObject({ status: 'ok' });
    expect(await diagnoseWith('of-another-application')).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('DISCORD_CLIENT_SECRET is refused'),
      action: expect.stringContaining('Reset Secret'),
    });
  } finally {
    await sandbox.close();
  }
});

/** The database is none that answers, which is another finding. */
async function diagnose(env: Record<string, string>): Promise<Finding[]> {
  const { stdout } = await runClipdex(['doctor', '--json'], {
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    ...env,
  });
  return JSON.parse(stdout) as Finding[];
}
