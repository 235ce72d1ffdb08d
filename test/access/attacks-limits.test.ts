import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type { Limit } from '../../src/http/door.ts';
import {
  changeLimit,
  installLimit,
  linkLimit,
  loginLimit,
  returnLimit,
  searchLimit,
} from '../../src/http/limits.ts';
import { attachmentId, ids } from '../sandbox/small-world.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Answer, type AskHeaders, ask, codeOf, cookieHeader } from './attack-http.ts';
import { type AttackStage, findPort, openAttackStage, type WebProgram } from './attack-stage.ts';

let stage: AttackStage;
beforeAll(async () => {
  stage = await openAttackStage();
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

/** Asks side by side, a few at a time, `count` times in all. */
async function askOften(count: number, once: (n: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < count) {
    const some = Array.from({ length: Math.min(20, count - answers.length) }, (_, n) =>
      once(answers.length + n),
    );
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

const refusals = (answers: Answer[]) => answers.filter(({ status }) => status === 429);

/** As if all of the allowance had been asked for but `left`; negative: so many more would have to come back first. */
async function useUp({ count, perSecs }: Limit, left: number): Promise<void> {
  await stage.db.query(sql`
    update rate_limits set full_at = now() + make_interval(secs => ${((count - left) * perSecs) / count}::double precision)`);
}

const own = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

type Case = {
  name: string;
  limit: Limit;
  userId: string;
  knock: (url: string, headers: AskHeaders) => Promise<Answer>;
};
const cases: Case[] = [
  { name: 'login', limit: loginLimit, userId: ids.member, knock: (url) => ask(url, '/auth/login') },
  {
    name: 'return from a login',
    limit: returnLimit,
    userId: ids.member,
    knock: (url) => ask(url, '/auth/callback?state=x'),
  },
  {
    name: 'return from an install',
    limit: returnLimit,
    userId: ids.member,
    knock: (url) => ask(url, '/install/callback?state=x'),
  },
  {
    name: 'install',
    limit: installLimit,
    userId: ids.outsider,
    knock: (url, headers) =>
      ask(url, '/api/installs', {
        method: 'POST',
        headers: { ...headers, ...own },
        body: `{"guildId":"${ids.otherGuild}"}`,
      }),
  },
  {
    name: 'search',
    limit: searchLimit,
    userId: ids.member,
    knock: (url, headers) => ask(url, '/api/videos?limit=1', { headers }),
  },
  {
    name: 'count',
    limit: searchLimit,
    userId: ids.member,
    knock: (url, headers) => ask(url, '/api/videos/count', { headers }),
  },
  {
    name: 'link',
    limit: linkLimit,
    userId: ids.member,
    knock: (url, headers) => ask(url, `/videos/${attachmentId(10)}/stream`, { headers }),
  },
  {
    name: 'poster',
    limit: linkLimit,
    userId: ids.member,
    knock: (url, headers) => ask(url, `/videos/${attachmentId(10)}/poster`, { headers }),
  },
  {
    name: 'change',
    limit: changeLimit,
    userId: ids.member,
    knock: (url, headers) =>
      ask(url, '/api/me', {
        method: 'PATCH',
        headers: { ...headers, ...own },
        body: '{"showsAgeRestricted":true}',
      }),
  },
];

describe.each(cases)('$name', ({ limit, userId, knock }) => {
  test('is refused beyond its limit, says when to come again, and is let in then', async () => {
    const headers = { cookie: cookieHeader(await stage.logIn(userId)) };
    await stage.db.query(sql`delete from rate_limits`);
    expect((await knock(stage.url, headers)).status).toBeLessThan(400);
    await useUp(limit, (-2 * limit.count) / limit.perSecs);
    const refused = await knock(stage.url, headers);
    expect(refused.status).toBe(429);
    expect(codeOf(refused)).toBe('too_many_requests');
    const retryAfterSecs = Number(refused.headers['retry-after']);
    expect(retryAfterSecs).toBeGreaterThanOrEqual(1);
    expect(retryAfterSecs).toBeLessThanOrEqual(Math.ceil(limit.perSecs / limit.count) + 3);
    await waitFor(async () => (await knock(stage.url, headers)).status < 400);
  });
});

test('as many people behind one address log in as may begin to', async () => {
  for (let n = 0; n < loginLimit.count; n += 1) {
    expect(await stage.newBrowser().logIn(ids.member, '/account')).toBe('/account');
  }
});

test.each([
  ['/auth/login', '/login?outcome=busy'],
  ['/auth/callback?state=x', '/login?outcome=busy'],
  ['/install/callback?state=x', '/install/outcome?outcome=busy'],
])('a browser that is refused at %s is led to a page that says so', async (path, page) => {
  await ask(stage.url, path);
  await useUp(loginLimit, -loginLimit.count);
  const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const { status, headers: answered } = await ask(stage.url, path, { headers });
  expect({ status, location: answered.location }).toEqual({ status: 302, location: page });
  expect(Number(answered['retry-after'])).toBeGreaterThan(1);
  expect(answered['set-cookie']).toBeUndefined(); // what was begun may still end well
});

test('each counts once: a full allowance is let in, and not one more', async () => {
  const answers = await askOften(loginLimit.count + 5, () => ask(stage.url, '/auth/login'));
  expect(refusals(answers).length).toBeGreaterThanOrEqual(4);
  expect(answers.length - refusals(answers).length).toBeGreaterThanOrEqual(loginLimit.count);
});

test("a viewer's limit follows the viewer, by session or token, and is nobody else's", async () => {
  const browser = await stage.logIn(ids.member);
  const made = await browser.send('POST', '/api/tokens', { name: 'x', scope: 'read', expiresInDays: 1 });
  const { token } = (await made.json()) as { token: string };
  const second = cookieHeader(await stage.logIn(ids.member));
  const other = cookieHeader(await stage.logIn(ids.manager));
  const search = (headers: AskHeaders) => ask(stage.url, '/api/videos?limit=1', { headers });
  await search({ cookie: cookieHeader(browser) });
  await useUp(searchLimit, -100);
  expect((await search({ cookie: cookieHeader(browser) })).status).toBe(429);
  expect((await search({ cookie: second })).status).toBe(429);
  expect((await search({ authorization: `Bearer ${token}` })).status).toBe(429);
  expect((await search({ cookie: other })).status).toBe(200);
});

test('what is refused costs nothing: whoever goes on asking is let in as early as whoever waits', async () => {
  const headers = { cookie: cookieHeader(await stage.logIn(ids.outsider)) };
  const { knock } = cases.find(({ name }) => name === 'install') ?? {
    knock: () => Promise.reject(new Error('none')),
  };
  await knock(stage.url, headers);
  await useUp(installLimit, 0);
  const before = await stage.db.query(sql`select full_at from rate_limits order by key`);
  await askOften(40, () => knock(stage.url, headers));
  expect(await stage.db.query(sql`select full_at from rate_limits order by key`)).toEqual(before);
});

test('whoever asks for much at once waits for themselves, and keeps nobody else waiting', async () => {
  const greedy = { cookie: cookieHeader(await stage.logIn(ids.member)) };
  const other = await stage.logIn(ids.manager);
  const { asked } = await stage.db.transaction(async (tx) => {
    await tx.query(sql`lock table videos in access exclusive mode`); // so that each request takes as long as we like
    const asked = Array.from({ length: 320 }, () =>
      ask(stage.url, '/api/videos?limit=1', { headers: greedy }),
    );
    const refused = await Promise.race(asked);
    expect(refused.status).toBe(429);
    expect(codeOf(refused)).toBe('too_many_requests');
    expect(Number(refused.headers['retry-after'])).toBe(1);
    expect((await other.get('/api/sessions')).status).toBe(200);
    return { asked };
  });
  const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(statuses.lastIndexOf(200)).toBeGreaterThanOrEqual(300);
});

describe('the address is that of who asks', () => {
  const logIn = (url: string, forwardedFor: string | string[] | undefined) =>
    ask(url, '/auth/login', {
      headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
    });

  async function isShared(
    url: string,
    headers: readonly (string | string[] | undefined)[],
  ): Promise<boolean> {
    await stage.db.query(sql`delete from rate_limits`);
    for (const header of headers) await logIn(url, header);
    const [row] = await stage.db.query<{ count: number }>(
      sql`select count(*)::int as count from rate_limits`,
    );
    return row?.count === 1;
  }

  async function behind(proxies: number): Promise<WebProgram> {
    return stage.startAnother({ TRUST_PROXY: String(proxies), PORT: String(await findPort()) });
  }

  test('without a proxy nobody chooses it by a header', async () => {
    const headers = [
      undefined,
      '1.1.1.1',
      '2.2.2.2',
      '1.1.1.1, 2.2.2.2',
      '',
      ', ,',
      '::1',
      ['3.3.3.3', '4.4.4.4'],
    ];
    expect(await isShared(stage.url, headers)).toBe(true);
    for (const name of ['x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip']) {
      await ask(stage.url, '/auth/login', { headers: { [name]: '9.9.9.9' } });
    }
    const [row] = await stage.db.query<{ count: number }>(
      sql`select count(*)::int as count from rate_limits`,
    );
    expect(row?.count).toBe(1);
  });

  test('behind one, what that one appended counts, and nothing before it', async () => {
    const { url, stop } = await behind(1);
    const forged = [
      '1.1.1.1, 7.7.7.7',
      '2.2.2.2, 7.7.7.7',
      'x,y,z,7.7.7.7',
      ',,7.7.7.7',
      ['5.5.5.5', '7.7.7.7'],
      ' 7.7.7.7 ',
    ];
    expect(await isShared(url, forged)).toBe(true);
    expect(await isShared(url, ['7.7.7.7', '8.8.8.8'])).toBe(false);
    await stop();
  });

  test('behind two, what the outer one appended counts, and who comes around it is told by the inner', async () => {
    const { url, stop } = await behind(2);
    expect(await isShared(url, ['1.1.1.1, 7.7.7.7, 10.0.0.2', '2.2.2.2, 7.7.7.7, 10.0.0.3'])).toBe(true);
    expect(await isShared(url, ['7.7.7.7, 10.0.0.2', '8.8.8.8, 10.0.0.2'])).toBe(false);
    expect(await isShared(url, ['7.7.7.7', '8.8.8.8', undefined])).toBe(true); // not by both: only the socket is certain
    await stop();
  });

  test('all addresses of one connection to the internet are one: nobody has 2^64 allowances', async () => {
    const { url, stop } = await behind(1);
    const one = [
      '2001:db8:1:2::1',
      '2001:db8:1:2:ffff::2',
      '2001:DB8:1:2:0:0:0:3',
      '2001:0db8:0001:0002::4',
      '[2001:db8:1:2::5]:443',
    ];
    expect(await isShared(url, one)).toBe(true);
    expect(await isShared(url, ['2001:db8:1:2::1', '2001:db8:1:3::1'])).toBe(false);
    expect(await isShared(url, ['7.7.7.7', '7.7.7.7:1234', '::ffff:7.7.7.7', '::FFFF:7.7.7.7'])).toBe(true);
    await stop();
  });
});

test('two programs on one database count together', async () => {
  const second = await stage.startAnother();
  const urls = [stage.url, second.url];
  const answers = await askOften(loginLimit.count + 10, (n) => ask(urls[n % 2] ?? stage.url, '/auth/login'));
  expect(refusals(answers).length).toBeGreaterThanOrEqual(8);
  for (const url of urls)
    expect(refusals(await askOften(3, () => ask(url, '/auth/login'))).length).toBeGreaterThan(0);
  await second.stop();
});
