import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { failureOf, GUILD, startRest, TOKEN } from './rest-client.ts';
import { json, noAnswer, tooMany } from './scripted-server.ts';

const OLGA = "olga's.access-token";
const OTTO = "otto's.access-token";
const user = { id: '175928847299117001', username: 'olga', global_name: null, avatar: null };
const guildOf = (n: number) => ({
  id: String(175_928_847_299_118_000n + BigInt(n)),
  name: `Guild ${n}`,
  icon: null,
  owner: false,
  permissions: '2147483647',
});

describe('calls with the token of a user', () => {
  test('carry it in place of the bot', async () => {
    const { rest, server } = await startRest(json(200, user));
    expect(await rest.asUser(OLGA).getUser()).toEqual(user);
    await rest.getCurrentUser();
    expect(server.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/users/@me', `Bearer ${OLGA}`],
      ['/users/@me', `Bot ${TOKEN}`],
    ]);
  });

  test('list all guilds, page after page', async () => {
    const { rest, server } = await startRest();
    const pages = [200, 200, 1].map((count, page) =>
      Array.from({ length: count }, (_, index) => guildOf(page * 200 + index)),
    );
    server.script.push(...pages.map((page) => json(200, page)));
    expect(await rest.asUser(OLGA).listGuilds()).toEqual(pages.flat());
    expect(server.received.map(({ path }) => path)).toEqual([
      '/users/@me/guilds?limit=200',
      `/users/@me/guilds?limit=200&after=${guildOf(199).id}`,
      `/users/@me/guilds?limit=200&after=${guildOf(399).id}`,
    ]);
  });

  test('end also where a server sends full pages for ever', async () => {
    const page = Array.from({ length: 200 }, (_, index) => guildOf(index));
    const { rest, server } = await startRest(json(200, page));
    await rest.asUser(OLGA).listGuilds();
    expect(server.received).toHaveLength(10);
  });

  test('take nothing for a user or a guild that is none', async () => {
    const { rest, server } = await startRest();
    for (const answer of [[], null, 'x', {}, { ...user, id: 7 }, { ...user, username: null }]) {
      server.script.push(json(200, answer));
      expect(await failureOf(rest.asUser(OLGA).getUser())).toMatchObject({ kind: 'malformed' });
    }
    for (const answer of [
      {},
      null,
      [null],
      [{ ...guildOf(1), id: '../x' }],
      [{ ...guildOf(1), permissions: '-1' }],
    ]) {
      server.script.push(json(200, answer));
      expect(await failureOf(rest.asUser(OLGA).listGuilds())).toMatchObject({ kind: 'malformed' });
    }
  });
});

describe('a refusal of the token of a user', () => {
  test('says nothing of the bot, and tells what to do, but not the token', async () => {
    const { rest, server, log } = await startRest(json(200, user));
    server.script.push(json(401, { message: '401: Unauthorized', code: 0 }));
    const error = await failureOf(rest.asUser(OLGA).getUser());
    expect(error).toMatchObject({ kind: 'unauthorized', httpStatus: 401 });
    expect(error.message).toContain('the user has to log in again');
    expect(error.message).not.toContain('DISCORD_BOT_TOKEN');
    expect(`${error.message}${JSON.stringify(error)}${log.text}`).not.toContain(OLGA);
    expect(await rest.getCurrentUser()).toEqual(user);
    expect(await rest.asUser(OTTO).getUser()).toEqual(user);
  });

  test('counts against what Discord allows of refusals', async () => {
    const { rest, server } = await startRest(json(401, { message: 'no', code: 0 }), { invalidStopAt: 2 });
    await failureOf(rest.asUser(OLGA).getUser());
    await failureOf(rest.asUser(OTTO).getUser());
    expect(await failureOf(rest.asUser(OLGA).getUser())).toMatchObject({ kind: 'invalid_budget_spent' });
    expect(server.received).toHaveLength(2);
  });

  test('of the bot does not keep users from asking', async () => {
    const { rest, server } = await startRest(json(200, user));
    server.script.push(json(401, { message: '401: Unauthorized', code: 0 }));
    expect(await failureOf(rest.getGuild(GUILD))).toMatchObject({ kind: 'unauthorized' });
    expect(await failureOf(rest.getGuild(GUILD))).toMatchObject({ kind: 'unauthorized' });
    expect(await rest.asUser(OLGA).getUser()).toEqual(user);
    expect(server.received).toHaveLength(2);
  });
});

describe('each user has a pace of their own', () => {
  test('one who is refused waits, and nobody else does', async () => {
    const { rest, server } = await startRest(json(200, user));
    server.script.push(tooMany(2));
    const slowed = rest.asUser(OLGA).getUser();
    await waitFor(() => server.received.length === 1);
    const began = performance.now();
    await rest.asUser(OTTO).getUser();
    await rest.getCurrentUser();
    expect(performance.now() - began).toBeLessThan(1_900);
    await slowed;
  });

  test('one whose answer is late holds nobody up', async () => {
    const { rest, server } = await startRest(json(200, user), {
      headersTimeoutMs: 5_000,
      totalTimeoutMs: 5_000,
    });
    server.script.push(noAnswer);
    const stop = new AbortController();
    const late = rest.asUser(OLGA).getUser(stop.signal);
    await waitFor(() => server.received.length === 1);
    expect(await rest.asUser(OTTO).getUser()).toEqual(user);
    stop.abort();
    await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  });
});
