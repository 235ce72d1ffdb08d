import { Socket } from 'node:net';
import pg from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import { systemClock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { asDatabaseOutage, isDisturbed } from './database-outage.ts';

export { default as sql, empty, join, raw, type Sql } from 'sql-template-tag';

/** Whatever a statement can be sent to: the pool, or one transaction. All repository functions take it first. */
export type Queryable = {
  query<Row extends object>(statement: Sql): Promise<Row[]>;
};

export type Transaction = Queryable & { readonly transaction: true };

export type HeldConnection = Queryable & {
  /** `onNotified` is given the payload of every notification of this channel (one of our own names) from now on. */
  listen(channel: string, onNotified: (payload: string) => void): Promise<void>;
  release(): void;
};

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 30_000;
const CLOSE_PATIENCE_MS = 2_000; // for statements under way; then a server that hangs is left without a goodbye
const MAX_TRIES = 5; // of a transaction that was ended for the sake of others; each costs a second of waiting
export const POOL_SIZE = 12; // connections of one process; the embedded server allows 40

/**
 * How every connection runs, whatever the server's own settings say. A statement of ours takes seconds: what takes minutes
 * waits for a lock that somebody has forgotten, and who is silent within a transaction is a process that was stopped.
 */
const SESSION = `
  set time zone 'UTC';
  set statement_timeout = '5min';
  set idle_in_transaction_session_timeout = '1min'`;

/**
 * One pool of connections, which run in UTC and bear no statement without an end.
 * bigint and numeric arrive as strings, int8multirange as text, timestamps as Date.
 */
export class Database implements Queryable {
  readonly pool: pg.Pool;
  readonly #sockets = new Set<Socket>();
  /** Tells those who wait for a connection that they get none. */
  readonly #refusals = new Set<(reason: Error) => void>();
  #closed: Promise<void> | undefined;

  constructor(url: string, log: Logger, poolSize = POOL_SIZE) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      application_name: 'clipdex',
      stream: () => this.#openSocket(),
      types: utcTypes,
      onConnect: async (client) => {
        await client.query(SESSION);
      },
    });
    // The pool drops a connection that breaks (server restart), and whoever uses it gets the error from its statement;
    // without these listeners Node would exit.
    this.pool.on('error', (error) => log.warn({ err: messageOf(error) }, 'database connection lost'));
    this.pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** @throws DatabaseOutage, or what PostgreSQL says of the statement. */
  async query<Row extends object>(statement: Sql): Promise<Row[]> {
    return undisturbed(async () => {
      const client = await this.#connect();
      let isBroken = true;
      try {
        const rows = await rowsOf<Row>(client, statement);
        isBroken = false;
        return rows;
      } finally {
        client.release(isBroken); // as it may be that the server ended it
      }
    });
  }

  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it throws. Of two transactions that wait
   * for each other PostgreSQL ends one, whose work is then done anew: it keeps nothing outside of the transaction.
   */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return undisturbed(() => this.#transactOnce(work));
  }

  async #transactOnce<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const client = await this.#connect();
    let broken: Error | undefined;
    try {
      await rowsOf(client, sql`begin`);
      const result = await work({ transaction: true, query: (statement) => rowsOf(client, statement) });
      await rowsOf(client, sql`commit`);
      return result;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** A connection of one's own, e.g. for a lock that must live as long as it does. `onLost` is told when it breaks. */
  async hold(onLost: (error: Error) => void): Promise<HeldConnection> {
    const client = await this.#connect();
    client.on('error', onLost);
    client.on('end', () => onLost(new Error('the database closed the connection')));
    return {
      query: (statement) => rowsOf(client, statement),
      async listen(channel, onNotified) {
        client.on('notification', (told) => {
          if (told.channel === channel) onNotified(told.payload ?? '');
        });
        await rowsOf(client, sql`listen ${raw(channel)}`);
      },
      release: () => client.release(true), // never back into the pool: its locks must go with it
    };
  }

  /** Ends in a few seconds, whatever the server and those who use a connection do: their statements then fail. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const stopped = new AbortController();
    const patience = systemClock.sleep(CLOSE_PATIENCE_MS, stopped.signal).catch(() => {});
    try {
      await Promise.race([this.pool.end(), patience]);
    } finally {
      stopped.abort();
      for (const socket of this.#sockets) socket.destroy();
      for (const refuse of this.#refusals) refuse(new Error('the pool was closed'));
    }
  }

  #openSocket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  /** Of a pool that is closed, a waiting one would hear only when its time is up. */
  async #connect(): Promise<pg.PoolClient> {
    let refuse: (reason: Error) => void = () => {};
    const refused = new Promise<never>((_, reject) => {
      refuse = reject;
    });
    this.#refusals.add(refuse);
    try {
      return await Promise.race([this.pool.connect(), refused]);
    } catch (error) {
      throw asDatabaseOutage(error);
    } finally {
      this.#refusals.delete(refuse);
    }
  }
}

async function undisturbed<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MAX_TRIES || !isDisturbed(error)) throw error;
    }
  }
}

async function rowsOf<Row extends object>(client: pg.PoolClient, statement: Sql): Promise<Row[]> {
  try {
    return (await client.query<Row>(statement)).rows;
  } catch (error) {
    throw asDatabaseOutage(error);
  }
}

/** `timestamp` without time zone holds UTC in our tables; pg's own parser would read it as local time. */
const utcTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.TIMESTAMP && format !== 'binary'
      ? parseUtc
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

const parseTimestamptz: (text: string) => Date | number = pg.types.getTypeParser(
  pg.types.builtins.TIMESTAMPTZ,
  'text',
);

function parseUtc(text: string): Date | number {
  return parseTimestamptz(text.endsWith('infinity') ? text : `${text}+00`);
}
