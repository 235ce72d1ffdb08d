import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { Database } from '../src/db/database.ts';
import { joinEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts';
import { isProcessAlive, readPostmasterState } from '../src/db/embedded/postmaster-file.ts';
import { migrate } from '../src/db/migrate.ts';
import { createLogger } from '../src/lib/log.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    templateDatabase: string;
  }
}

const log = createLogger('error');

/**
 * One server for all integration tests (TEST_DATABASE_URL, or an embedded one) and in it one migrated template
 * database, which `createTestDatabase` clones.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await startServer();
  const template = `clipdex_template_${randomBytes(6).toString('hex')}`;
  await administer(server.url, `create database ${template}`);
  const templateUrl = new URL(server.url);
  templateUrl.pathname = `/${template}`;
  const db = new Database(templateUrl.href, log);
  await migrate(db, log);
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

const FOLDER_NAME = /^clipdex-test-(\d+)-/; // pid of the test run

/** Fast rather than safe: what the tests write may be lost in a power cut. */
async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `clipdex-test-${process.pid}-`));
  await chmod(folder, 0o755);
  const server = await joinEmbeddedPostgres(
    { dataDir: folder, use: 'command', settings: { fsync: 'off', max_connections: '200' }, isDurable: false },
    log,
    new AbortController().signal,
  );
  return {
    url: server.url,
    async stop() {
      await server.leave();
      await rm(folder, { recursive: true });
    },
  };
}

/** A test run that was killed has left its server running. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const runPid = Number(FOLDER_NAME.exec(name)?.[1]);
    if (!runPid || isProcessAlive(runPid)) continue;
    const folder = join(tmpdir(), name);
    const state = await readPostmasterState(join(folder, 'postgres', 'cluster', 'data'));
    if (state.kind === 'running') process.kill(state.postmaster.pid, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
