import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { waitFor } from '../support/wait-for.ts';
import { identify } from './gateway-client.ts';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { ids, messageId, smallWorld } from './small-world.ts';

const newest = async (sandbox: TestSandbox, limit = 1) =>
  (await sandbox.get(`/channels/${ids.general}/messages?limit=${limit}`)).body;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const MEGABYTE = 1024 * 1024;

test('a world of 20,000 messages is up at once, in 80 MB, and leaves nothing that keeps a process alive', async () => {
  const script = join(packageRoot, 'test/sandbox/start-and-close.ts');
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', script], { cwd: packageRoot });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [output, code] = await Promise.all([text(child.stdout), once(child, 'exit').then(([exit]) => exit)]);
  expect(code).toBe(0);
  const { startMs, closeMs, heapBytes } = JSON.parse(output);
  expect(startMs).toBeLessThan(2_000);
  expect(closeMs).toBeLessThan(5_000);
  expect(heapBytes).toBeLessThan(80 * MEGABYTE);
});

test('close ends connections, waiting requests and timers at once, and may be called twice', async () => {
  const sandbox = await runSandbox({ liveTraffic: true });
  const { client } = await identify(sandbox);
  await sandbox.control('latency', { ms: 60_000 });
  const waiting = sandbox.get('/gateway').catch(() => 'broken');
  await waitFor(async () => (await sandbox.control('stats')).body.gateway.connected === 1);
  const start = performance.now();
  await Promise.all([sandbox.close(), sandbox.close()]);
  expect(performance.now() - start).toBeLessThan(10_000); // the request would wait for a minute
  expect(await waiting).toBe('broken');
  expect(await client.closed()).toBe(1006);
  await expect(fetch(sandbox.url)).rejects.toThrow();
});

test('its signal closes it', async () => {
  const controller = new AbortController();
  const sandbox = await runSandbox({ signal: controller.signal });
  controller.abort();
  await sandbox.close();
  await expect(fetch(sandbox.url)).rejects.toThrow();
});

test('a taken port is told with what to do', async () => {
  const { url } = await runSandbox();
  const failure = runSandbox({ port: Number(new URL(url).port) });
  await expect(failure).rejects.toMatchObject({ code: 'sandbox_port_unavailable' });
});

test('the journal brings messages back after a restart, and the past is not written twice', async () => {
  const journalFile = join(await temporaryFolder(), 'deep', 'journal.jsonl');
  const first = await runSandbox({ journalFile });
  const post = { channel_id: ids.general, author_id: ids.member, files: [{ clip: 'test-card.mp4' }] };
  await first.control('post', { ...post, content: 'kept' });
  const { body } = await first.control('post', { ...post, content: 'deleted' });
  await first.control('delete', { channel_id: ids.general, message_id: body.message_id });
  await first.control('delete', { channel_id: ids.general, message_id: messageId(1) });
  const [kept] = await newest(first);
  await first.control('edit', { channel_id: ids.general, message_id: kept.id, content: 'kept and edited' });
  await first.close();
  appendFileSync(journalFile, '{"op":"create","channelId":"7100');

  const sizes: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    const sandbox = await runSandbox({ journalFile });
    const [message, before] = await newest(sandbox, 2);
    expect(message).toMatchObject({ id: kept.id, content: 'kept and edited' });
    expect(before.id).toBe(messageId(249));
    const { pathname } = new URL(message.attachments[0].url);
    expect(pathname).toBe(new URL(kept.attachments[0].url).pathname);
    expect((await fetch(message.attachments[0].url)).status).toBe(200);
    expect((await sandbox.get(`/channels/${ids.general}/messages/${messageId(1)}`)).status).toBe(404);
    await sandbox.close();
    sizes.push(statSync(journalFile).size);
  }
  expect(sizes[1]).toBe(sizes[0]);
});

test('the journal remembers in which guilds the bot is', async () => {
  const journalFile = join(await temporaryFolder(), 'journal.jsonl');
  const first = await runSandbox({ journalFile });
  await first.control('add-bot', { guild_id: ids.otherGuild, permissions: '1024' });
  await first.control('kick-bot', { guild_id: ids.guild });
  await first.close();
  for (let round = 0; round < 2; round += 1) {
    const sandbox = await runSandbox({ journalFile });
    expect((await sandbox.get(`/guilds/${ids.guild}`)).status).toBe(404);
    const { body } = await sandbox.get(`/guilds/${ids.otherGuild}`);
    expect(body.roles).toMatchObject([{}, { managed: true, permissions: '1024' }]);
    await sandbox.close();
  }
});

test('the journal of another world is begun anew', async () => {
  const journalFile = join(await temporaryFolder(), 'journal.jsonl');
  const first = await runSandbox({ journalFile });
  await first.control('delete', { channel_id: ids.general, message_id: messageId(249) });
  await first.close();
  const second = await runSandbox({ journalFile, world: { ...smallWorld(), seed: 8 } });
  expect((await newest(second))[0].id).toBe(messageId(249));
  expect(readFileSync(journalFile, 'utf8')).toBe('{"seed":8}\n');
});

test('live traffic can be switched on and off', async () => {
  const sandbox = await runSandbox({ world: generateWorld(2), liveTraffic: false });
  const { client } = await identify(sandbox);
  await sandbox.control('live-traffic', { on: true });
  await expect
    .poll(() => client.untaken().some((name) => name?.startsWith('MESSAGE_')), {
      timeout: 30_000,
      interval: 200,
    })
    .toBe(true);
});
