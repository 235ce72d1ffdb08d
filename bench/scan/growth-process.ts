import { POOL_SIZE, sql } from '../../src/db/database.ts';
import { answerCalls, report } from './answer-calls.ts';
import { copyDatabase } from './bench-databases.ts';
import { cpuMsOf } from './cpu-time.ts';
import { justBelow, leanChannelId, leanMessageId } from './lean-messages.ts';
import { PageGate } from './page-gate.ts';
import { openScanEngine, type ScanEngine } from './scan-engine.ts';

/**
 * One channel of which much has been read, and the same channel of which little has, each in a database of its own, so
 * that tables and indexes are as large as what was read. Both are read on in turns, and what a message costs is compared.
 */

/** CPU of our process and time in PostgreSQL's statements, in ms per 1,000 messages. */
export type MessageCost = { cpuMs: number; statementMs: number };
export type GrowthSamples = { young: MessageCost[]; old: MessageCost[]; holed: MessageCost[] };
export type GrowthProcess = {
  measure: {
    input: { youngUrl: string; oldUrl: string; apiUrl: string; rounds: number };
    output: GrowthSamples;
  };
};

const YOUNG_MESSAGES = 10_000;
const OLD_MESSAGES = 1_000_000;
const CHANNEL_MESSAGES = 2_000_000; // as many again lie below what is read, for the holes
const HOLES = 1_000;
const HOLE_SPAN = 1_000; // messages from the top of one hole to the top of the next …
const STRIP_MESSAGES = 20; // … the lowest of which are covered, so that the tenth page closes the hole
const REPORT_EVERY = 100_000;
const PAGES_PER_ROUND = 10; // few, so that what else the machine does falls on all channels alike
const WARM_UP_ROUNDS = 8;
const channelId = leanChannelId(0, CHANNEL_MESSAGES);

answerCalls<GrowthProcess>({
  async measure({ youngUrl, oldUrl, apiUrl, rounds }) {
    {
      await using engine = openScanEngine({ databaseUrl: oldUrl, apiUrl });
      await walkTo(engine, OLD_MESSAGES);
    }
    const holedUrl = await copyDatabase(oldUrl, 'holed');
    const engines = {
      young: openScanEngine({ databaseUrl: youngUrl, apiUrl }),
      old: openScanEngine({ databaseUrl: oldUrl, apiUrl }),
      holed: openScanEngine({ databaseUrl: holedUrl, apiUrl }),
    };
    await walkTo(engines.young, YOUNG_MESSAGES);
    await makeHoles(engines.holed);
    await using young = openReader(engines.young);
    await using old = openReader(engines.old);
    await using holed = openReader(engines.holed);
    const samples: GrowthSamples = { young: [], old: [], holed: [] };
    const readers = Object.entries({ young, old, holed }) as [keyof GrowthSamples, Reader][];
    for (let round = 0; round < rounds + WARM_UP_ROUNDS; round += 1) {
      for (const [name, reader] of readers) {
        const cost = await reader.readOn();
        if (round >= WARM_UP_ROUNDS) samples[name].push(cost);
      }
      readers.push(...readers.splice(0, 1)); // each is the first as often as the others …
      if (round % readers.length === 0) readers.reverse(); // … and comes after each of them as often
      report(`growth: round ${round + 1} of ${rounds + WARM_UP_ROUNDS}`);
    }
    return samples;
  },
});

/** Reads from the newest message down until so many are read. */
async function walkTo(engine: ScanEngine, count: number): Promise<void> {
  await engine.addChannel(channelId);
  for (let read = 0; read < count; ) {
    read = Math.min(count, read + REPORT_EVERY);
    await engine.scan(channelId, boundOf(read));
    report(`growth: ${read.toLocaleString('en')} of ${count.toLocaleString('en')} messages read`);
  }
}

/** The lower bound of a run that ends with so many messages read, the last page ending with the last of them. */
const boundOf = (read: number): string => justBelow(channelId, CHANNEL_MESSAGES - read + 1);

/** Coverage of the part that is not read yet as many interruptions would leave it. */
async function makeHoles({ db }: ScanEngine): Promise<void> {
  const idAt = (place: number) => BigInt(leanMessageId(channelId, place));
  const strips = Array.from({ length: HOLES }, (_, nth) => {
    const lowest = nth * HOLE_SPAN + 1;
    return `[${idAt(lowest)},${idAt(lowest + STRIP_MESSAGES)})`;
  });
  await db.query(sql`
    update scan_coverage set scanned = scanned + ${`{${strips.join(',')}}`}::int8multirange
    where channel_id = ${channelId}`);
}

type Reader = AsyncDisposable & { readOn(): Promise<MessageCost> };

/** One run over all that is not read yet, held after so many pages each time. */
function openReader(engine: ScanEngine): Reader {
  const gate = new PageGate(engine.signal);
  const listMessages = engine.rest.listMessages.bind(engine.rest);
  engine.rest.listMessages = async (...query) => {
    await gate.enter();
    return listMessages(...query);
  };
  const run = engine.scan(channelId).catch(() => {}); // it is not meant to come to its end
  return {
    async readOn() {
      const statementsBefore = await statementMs(engine);
      const cpuMs = await cpuMsOf(() => gate.pass(PAGES_PER_ROUND));
      const perThousand = PAGES_PER_ROUND / 10;
      return {
        cpuMs: cpuMs / perThousand,
        statementMs: ((await statementMs(engine)) - statementsBefore) / perThousand,
      };
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await run;
    },
  };
}

/** Time that PostgreSQL has spent on statements of this database. What a connection did is told when it is asked for it. */
async function statementMs({ db }: ScanEngine): Promise<number> {
  await Promise.all(
    Array.from({ length: POOL_SIZE }, () => db.query(sql`select pg_stat_force_next_flush()`)),
  );
  const [row] = await db.query<{ ms: number }>(sql`
    select active_time as ms from pg_stat_database where datname = current_database()`);
  return row?.ms ?? Number.NaN;
}
