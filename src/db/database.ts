import pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';

export { default as sql, empty, join, raw, type Sql } from 'sql-template-tag';

/** Whatever a statement can be sent to: the pool, or one transaction. All repository functions take it first. */
export type Queryable = {
  query<Row extends object>(statement: Sql): Promise<Row[]>;
};

export type Transaction = Queryable & { readonly transaction: true };

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 30_000;
export const POOL_SIZE = 12; // connections of one process; the embedded server allows 40

/**
 * One pool of connections. Every connection runs in UTC, whatever the server's `timezone` says.
 * bigint and numeric arrive as strings, int8multirange as text, timestamps as Date.
 */
export class Database implements Queryable {
  readonly pool: pg.Pool;

  constructor(url: string, log: Logger, poolSize = POOL_SIZE) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      application_name: 'clipdex',
      types: utcTypes,
      onConnect: async (client) => {
        await client.query("set time zone 'UTC'");
      },
    });
    // The pool drops a connection that breaks (server restart), and whoever uses it gets the error from its statement;
    // without these listeners Node would exit.
    this.pool.on('error', (error) => log.warn({ err: messageOf(error) }, 'database connection lost'));
    this.pool.on('connect', (client) => client.on('error', () => {}));
  }

  async query<Row extends object>(statement: Sql): Promise<Row[]> {
    return (await this.pool.query<Row>(statement)).rows;
  }

  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work({
        transaction: true,
        query: async <Row extends object>(statement: Sql) => (await client.query<Row>(statement)).rows,
      });
      await client.query('commit');
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
  async hold(onLost: (error: Error) => void): Promise<Queryable & { release(): void }> {
    const client = await this.pool.connect();
    client.on('error', onLost);
    client.on('end', () => onLost(new Error('the database closed the connection')));
    return {
      query: async <Row extends object>(statement: Sql) => (await client.query<Row>(statement)).rows,
      release: () => client.release(true), // never back into the pool: its locks must go with it
    };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** `timestamp` without time zone holds UTC in our tables; pg's own parser would read it as local time. */
const utcTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.TIMESTAMP && format !== 'binary'
      ? (text: string) => new Date(`${text.replace(' ', 'T')}Z`)
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};
