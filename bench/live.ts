import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { Database, sql } from '../src/db/database.ts';
import { type GatewaySession, saveGatewaySession } from '../src/db/gateway-sessions.ts';
import { createGateway, type GatewayOptions } from '../src/discord/gateway.ts';
import { GATEWAY_INTENTS } from '../src/discord/intents.ts';
import { ingestEvents } from '../src/ingest/ingest.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createLogger } from '../src/lib/log.ts';
import { packageRoot } from '../src/lib/package-root.ts';
import type { Order } from './live/frame-source.ts';
import type { Figure } from './main.ts';
import { type BenchDatabases, openBenchDatabases } from './scan/bench-databases.ts';
import { cpuMsOf } from './scan/cpu-time.ts';
import { boundFigure, plainFigure, ratioFigure } from './scan/figures.ts';

const BOT = { apiUrl: 'bench', botUserId: '100000000000000001', shardId: 0 };
const FLOOD = 30_000;
const SECS = 8; // at each rate
const GUILDS = 10; // of 100 channels, in which messages are posted
const RESTART_GUILDS = 100; // 10,000 channels
const RATES = [100, 200, 500, 2_000];
const SUSTAINED_GOAL = 2_000;
const DELAY_GOAL_MS = 200; // up to the rate below; above it, batches grow with what waits
const TRICKLE_PER_SECOND = 500;
const CPU_RATIO_GOAL = 2.5;
const RESTART_GOAL_SECS = 10;
const DEADLINE_MS = 120_000;

type Consume = (
  db: Database,
  events: readonly GatewayDispatchPayload[],
  session: GatewaySession,
  heartbeatAt: number | null,
) => Promise<void>;

/**
 * Live messages from the socket to the commit, in this process; Discord is another one. The baseline reads the same
 * frames with the same gateway client and keeps each batch with one bare insert.
 */
export async function bench(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  const figures: Figure[] = [];
  const ratios = new Map<number, number>();
  {
    await using bare = await openListener(databases, 'bare', insertBare);
    for (const rate of RATES) ratios.set(rate, (await bare.listen(rate)).cpuMs);
  }
  await using live = await openListener(databases, 'live', ingest);
  await live.tell({ guilds: GUILDS });
  await live.reaches({ guilds: GUILDS });
  for (const rate of RATES) {
    const { cpuMs, p95Ms } = await live.listen(rate);
    const name95 = `posted to committed at ${rate}/s, p95`;
    const isTrickle = rate <= TRICKLE_PER_SECOND;
    figures.push(
      isTrickle ? boundFigure(name95, p95Ms, 'ms', DELAY_GOAL_MS) : plainFigure(name95, p95Ms, 'ms'),
    );
    figures.push(plainFigure(`CPU of 1,000 messages at ${rate}/s`, cpuMs, 'ms'));
    const name = `… beside parsing them and one insert a batch, at ${rate}/s`;
    figures.push(ratioFigure(name, cpuMs / (ratios.get(rate) ?? 1), CPU_RATIO_GOAL));
  }
  const perSecond = await live.flood();
  const holds = perSecond >= SUSTAINED_GOAL;
  const sustained = { name: 'messages sustained', unit: '/s', baseline: null, goal: SUSTAINED_GOAL, holds };
  figures.push({ ...sustained, value: Math.round(perSecond) });
  figures.push(...(await restartFigures(databases)));
  return figures;
}

/** From READY to the commit of the last guild, when all channels are known, read, and nothing is new. */
async function restartFigures(databases: BenchDatabases): Promise<Figure[]> {
  const secs: number[] = [];
  const url = await databases.create('restart');
  for (const start of ['first', 'again']) {
    await using listener = await openListener(databases, url, ingest);
    const startedAt = performance.now();
    await listener.tell({ guilds: RESTART_GUILDS });
    await listener.reaches({ guilds: RESTART_GUILDS });
    secs.push((performance.now() - startedAt) / 1000);
    if (start === 'first') await noteAllRead(listener.db);
  }
  return [
    plainFigure('10,000 channels met for the first time', secs[0] ?? Number.NaN, 's'),
    boundFigure('10,000 channels at a restart without news', secs[1] ?? Number.NaN, 's', RESTART_GOAL_SECS),
  ];
}

async function noteAllRead(db: Database): Promise<void> {
  await db.query(sql`update bot_channel_scan_runs set status = 'running', started_at = now()`);
  await db.query(sql`update bot_channel_scan_runs set status = 'succeeded', finished_at = now()`);
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned)
    select channel_id, int8multirange(int8range(1, newest_message_id + 1)) from channel_access
    where newest_message_id is not null`);
}

const ingest: Consume = (db, events, session, heartbeatAt) =>
  ingestEvents(
    { session, events, heartbeatAt },
    {
      db,
      intents: GATEWAY_INTENTS,
      clock: systemClock,
      log: createLogger('warn'),
      signal: new AbortController().signal,
      readsJoinedBefore: Number.POSITIVE_INFINITY,
    },
  );

const insertBare: Consume = async (db, events, session) => {
  const messages = events.flatMap((event) => (event.t === 'MESSAGE_CREATE' ? [event.d] : []));
  await db.transaction(async (tx) => {
    await tx.query(sql`
      insert into bare_messages
      select * from unnest(
        ${messages.map((message) => message.id)}::bigint[],
        ${messages.map((message) => message.channel_id)}::text[],
        ${messages.map((message) => message.content)}::text[])`);
    await saveGatewaySession(tx, session, GATEWAY_INTENTS);
  });
};

/** The gateway client, the source that it listens to, and a database. `place`: its address, or the name of a new one. */
async function openListener(databases: BenchDatabases, place: string, consume: Consume) {
  const db = new Database(place.includes(':') ? place : await databases.create(place), createLogger('error'));
  if (consume === insertBare)
    await db.query(sql`create table bare_messages (id bigint, channel_id text, content text)`);
  const source = fork(join(packageRoot, 'bench', 'live', 'frame-source.ts'), {
    execArgv: ['--import', 'tsx'],
  });
  const [{ url }] = (await once(source, 'message')) as [{ url: string }];
  const seen = { guilds: 0, messages: 0, delaysMs: [] as number[] };
  const onEvents: GatewayOptions['onEvents'] = async (shardId, events, session, heartbeatAt) => {
    await consume(db, events, { ...BOT, shardId, ...session }, heartbeatAt);
    const now = performance.timeOrigin + performance.now();
    for (const { t, d } of events) {
      if (t === 'GUILD_CREATE') seen.guilds += 1;
      if (t !== 'MESSAGE_CREATE') continue;
      seen.messages += 1;
      seen.delaysMs.push(now - (d as unknown as { sent_at: number }).sent_at);
    }
  };
  const stop = new AbortController();
  let isUp = false;
  const gateway = createGateway({
    rest: { getGatewayBot: async () => gatewayInfo(url) },
    ...{ token: 'bench', intents: GATEWAY_INTENTS, shards: { count: 1, ids: [0] }, isCompressed: false },
    ...{ sessions: { load: async () => null }, onEvents, log: createLogger('warn'), signal: stop.signal },
    onUp: () => {
      isUp = true;
    },
  });
  await until(() => isUp);

  async function tell(order: Order): Promise<void> {
    source.send(order);
    await once(source, 'message');
  }
  const reaches = (counts: Partial<Record<'guilds' | 'messages', number>>) =>
    until(() => seen.guilds >= (counts.guilds ?? 0) && seen.messages >= (counts.messages ?? 0));

  return {
    db,
    tell,
    reaches,
    /** Of a thousand messages at a steady rate: CPU, and how long the slower ones took to be kept. */
    async listen(perSecond: number) {
      const messages = perSecond * SECS;
      const before = seen.messages;
      seen.delaysMs = [];
      const cpuMs = await cpuMsOf(async () => {
        await tell({ messages, perSecond });
        await reaches({ messages: before + messages });
      });
      const sorted = seen.delaysMs.toSorted((a, b) => a - b);
      return {
        cpuMs: (cpuMs / messages) * 1000,
        p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
      };
    },
    async flood(): Promise<number> {
      const before = seen.messages;
      const startedAt = performance.now();
      await tell({ messages: FLOOD, perSecond: null });
      await reaches({ messages: before + FLOOD });
      return FLOOD / ((performance.now() - startedAt) / 1000);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await gateway.close();
      const exited = once(source, 'exit');
      source.disconnect();
      await exited;
      await db.close();
    },
  };
}

function gatewayInfo(url: string) {
  const limit = { total: 1_000, remaining: 1_000, reset_after: 0, max_concurrency: 1 };
  return { url, shards: 1, session_start_limit: limit };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not reached within ${DEADLINE_MS} ms`);
    await delay(5);
  }
}
