/**
 * A process that opens the embedded database of a folder as a program or a command, says so in a line of JSON, asks the
 * server once more when it gets SIGINT or SIGTERM, closes and ends by itself. Arguments: folder, use.
 */
import { once } from 'node:events';
import { sql } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { createLogger } from '../../src/lib/log.ts';

const [dataDir = '', use] = process.argv.slice(2);
const abort = new AbortController();
const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
process.on('SIGHUP', () => abort.abort());
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const database = await openDatabase(
    { databaseUrl: undefined, dataDir, use: use === 'program' ? 'program' : 'command' },
    createLogger('silent'),
    abort.signal,
  );
  say({ event: 'open', url: database.url });
  await stopped;
  say({ event: 'answer', rows: await database.db.query(sql`select 1 as one`) });
  await database.close();
  say({ event: 'closed' });
} catch (error) {
  say({ event: 'failed', message: String(error) });
}
