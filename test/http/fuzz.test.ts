import { Agent } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiToken } from '../../src/access/api-tokens.ts';
import { createSession } from '../../src/access/sessions.ts';
import { sql } from '../../src/db/database.ts';
import { type AskHeaders, ask } from '../access/attack-http.ts';
import { type AttackStage, openAttackStage, type WebProgram } from '../access/attack-stage.ts';
import { attachmentId, ids, messageId } from '../sandbox/small-world.ts';
import { createAnswerCheck } from './fuzz-answers.ts';
import { type Description, type FuzzRequest, type KnownIds, requestsOf } from './fuzz-requests.ts';

const COUNT = 10_000;
const BATCH = 250; // then who was logged out is logged in again
const AT_ONCE = 16;
const MAX_GROWTH_BYTES = 96 * 1024 * 1024;
const TIMEOUT_MS = 480_000; // a minute on two cores of their own

const seed = Number(process.env.FUZZ_SEED ?? 20_260_101);
/** Half as many as of each of the others. */
const strangers = ['nobody', 'expired', 'wrongToken'];
const life = { days: 1, idleDays: 1 };

let stage: AttackStage;
let web: WebProgram;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
beforeAll(async () => {
  stage = await openAttackStage();
  for (const userId of [ids.member, ids.manager, ids.owner, ids.outsider]) await stage.logIn(userId);
  await stage.program.stop();
  web = await stage.startAnother();
});
afterAll(async () => {
  agent.destroy();
  await stage.close();
});

/** What a request brings along of each kind of viewer. */
async function logEverybodyIn(): Promise<Record<string, AskHeaders>> {
  await stage.db.query(sql`delete from sessions`);
  await stage.db.query(sql`delete from api_tokens`);
  await stage.db.query(sql`delete from rate_limits`);
  const cookieOf = async (userId: string) => {
    const { secret } = await createSession(stage.db, { userId, userAgent: null, life });
    return { cookie: `clipdex-session=${secret}` };
  };
  const bearerOf = async (userId: string, scope: 'read' | 'manage') => {
    const made = await createApiToken(stage.db, userId, { name: scope, scope, expiresInDays: 1 });
    return { authorization: `Bearer ${made.kind === 'created' ? made.secret : ''}` };
  };
  const expired = await cookieOf(ids.manager);
  await stage.db.query(sql`update sessions set expires_at = now()`);
  return {
    nobody: {},
    expired,
    member: await cookieOf(ids.member),
    manager: await cookieOf(ids.manager),
    operator: await cookieOf(ids.owner),
    outsider: await cookieOf(ids.outsider),
    readToken: await bearerOf(ids.manager, 'read'),
    manageToken: await bearerOf(ids.manager, 'manage'),
    operatorToken: await bearerOf(ids.owner, 'manage'),
    wrongToken: { authorization: 'Bearer clipdex_x' },
  };
}

async function findKnownIds(): Promise<KnownIds> {
  const runs = await stage.db.query<{ id: string }>(sql`select id from bot_channel_scan_runs`);
  const guilds = [ids.guild, ids.otherGuild];
  const channels = [
    ids.general,
    ids.hidden,
    ids.restricted,
    ids.forum,
    ids.forumThread,
    ids.voice,
    ids.category,
    ids.otherChannel,
  ];
  const messages = [messageId(1), messageId(100), messageId(200)];
  return {
    guilds,
    channels,
    videos: [attachmentId(10), attachmentId(20), '712000000000000004'],
    runs: runs.map(({ id }) => id),
    guild_id: guilds,
    channel_id: channels,
    guildId: guilds,
    channelIds: channels,
    afterMessageId: messages,
    beforeMessageId: messages,
  };
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test(`${COUNT} requests of any kind are answered as described`, { timeout: TIMEOUT_MS }, async () => {
  const description = JSON.parse((await ask(web.url, '/api/openapi.json')).body) as Description;
  const check = createAnswerCheck(description);
  const everybody = Object.keys(await logEverybodyIn());
  const viewers = [...everybody, ...everybody.filter((name) => !strangers.includes(name))];
  const requests = fc.sample(requestsOf(description, await findKnownIds(), viewers), {
    seed,
    numRuns: COUNT,
  });
  const wrong: object[] = [];
  let before = 0;
  for (let at = 0; at < COUNT; at += BATCH) {
    const headersOf = await logEverybodyIn();
    await inTurns(requests.slice(at, at + BATCH), async (request) => {
      const answer = await send(request, headersOf[request.viewer] ?? {});
      const problem = check(request, answer);
      if (problem !== null)
        wrong.push({ problem, ...request, status: answer.status, answer: answer.body.slice(0, 300) });
    });
    if (at === BATCH) before = heapUsed();
  }
  expect({ seed, wrong: wrong.slice(0, 10) }).toEqual({ seed, wrong: [] });
  expect(stage.lines.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
  expect(heapUsed() - before).toBeLessThan(MAX_GROWTH_BYTES);
  expect((await ask(web.url, '/readyz')).status).toBe(200);
});

function send({ method, path, headers, body }: FuzzRequest, own: AskHeaders) {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return ask(web.url, path, { method, headers: { ...headers, ...own, ...length }, body, agent });
}
