import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sql, sql } from '../../src/db/database.ts';
import { ids } from '../sandbox/small-world.ts';
import { locationOf, type TestBrowser } from '../support/test-browser.ts';
import { type AttackStage, findPort, openAttackStage } from './attack-stage.ts';

const MANAGE_GUILD = String(1n << 5n);
const LOGIN = 'clipdex-login';
/** Where the outsider is the owner, and the bot is not. */
const guildId = ids.otherGuild;

let stage: AttackStage;
let managers: string;
beforeAll(async () => {
  stage = await openAttackStage();
  const fields = { guild_id: guildId, name: 'Managers', permissions: MANAGE_GUILD };
  managers = String((await stage.sandbox.control('create-role', fields)).role_id);
});
beforeEach(kickBot);
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

async function kickBot(): Promise<void> {
  await stage.sandbox.control('kick-bot', { guild_id: guildId }).catch(() => {}); // it is not there
  await stage.untilTold();
}

async function countRows(of: Sql): Promise<number> {
  const [row] = await stage.db.query<{ count: number }>(sql`select count(*)::int as count from ${of}`);
  return row?.count ?? 0;
}

const countIntents = () => countRows(sql`install_intents`);

async function begin(browser: TestBrowser, id: string = guildId): Promise<string> {
  const response = await browser.send('POST', '/api/installs', { guildId: id });
  const body = (await response.json()) as { url?: string; code?: string };
  return body.url ?? body.code ?? '';
}

/** To Discord's page and, approved, up to the address that it sends the browser to. */
async function approve(browser: TestBrowser, userId: string = ids.outsider, fields = {}): Promise<URL> {
  return new URL(await browser.approve(await begin(browser), { user_id: userId, ...fields }));
}

async function comeBack(browser: TestBrowser, { pathname, search }: URL): Promise<string> {
  return locationOf(await browser.get(`${pathname}${search}`));
}

const outcome = (kind: string, id: string | null = guildId) =>
  `/install/outcome?outcome=${kind}${id === null ? '' : `&guild_id=${id}`}`;

test('the way that is no attack', async () => {
  const browser = await stage.logIn(ids.outsider);
  const back = await approve(browser);
  back.searchParams.set('iss', 'https://discord.com'); // or whatever Discord may add one day
  expect(await countIntents()).toBe(1);
  expect(await comeBack(browser, back)).toBe(`/guilds/${guildId}/setup`);
  expect(await countIntents()).toBe(0);
  expect(browser.cookies.has(LOGIN)).toBe(false);
});

describe('an intent is good once', () => {
  test('played again, with and without the cookie that somebody kept', async () => {
    const browser = await stage.logIn(ids.outsider);
    const back = await approve(browser);
    const kept = browser.cookies.get(LOGIN) ?? '';
    await comeBack(browser, back);
    expect(await comeBack(browser, back)).toBe(outcome('expired', null));
    browser.setCookie(LOGIN, kept);
    expect(await comeBack(browser, back)).toBe(outcome('expired'));
  });

  test('by ten callbacks at the same moment', async () => {
    const browser = await stage.logIn(ids.outsider);
    const { pathname, search } = await approve(browser);
    const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const places = await Promise.all(
      Array.from({ length: 10 }, async () =>
        locationOf(
          await fetch(`${stage.url}${pathname}${search}`, {
            headers: { cookie: cookies },
            redirect: 'manual',
          }),
        ),
      ),
    );
    expect(places.sort()).toEqual([`/guilds/${guildId}/setup`, ...Array<string>(9).fill(outcome('expired'))]);
  });

  test('also when it is denied', async () => {
    const browser = await stage.logIn(ids.outsider);
    const url = await begin(browser);
    const kept = browser.cookies.get(LOGIN) ?? '';
    expect(await comeBack(browser, new URL(await browser.deny(url)))).toBe(outcome('denied'));
    expect(await countIntents()).toBe(0);
    const back = new URL(await browser.approve(url, { user_id: ids.outsider }));
    browser.setCookie(LOGIN, kept);
    expect(await comeBack(browser, back)).toBe(outcome('expired'));
  });

  test.each([
    [
      'that is over',
      sql`update install_intents set expires_at = now() at time zone 'utc' - interval '1 second'`,
    ],
    ['that was purged', sql`delete from install_intents`],
    ['of another guild by now', sql`update install_intents set guild_id = '1'`],
    ['of another user by now', sql`update install_intents set user_id = ${ids.member}`],
  ])('one %s is worth nothing', async (_, spoil) => {
    const browser = await stage.logIn(ids.outsider);
    const back = await approve(browser);
    await stage.logIn(ids.member); // there has to be such a user
    await stage.db.query(spoil);
    expect(await comeBack(browser, back)).toBe(outcome('expired'));
    await stage.db.query(sql`delete from install_intents`);
  });

  test('and outlives a restart of the program', async () => {
    const port = { PORT: String(await findPort()) };
    const first = await stage.startAnother(port);
    const browser = stage.newBrowserAt(first.url);
    await browser.logIn(ids.outsider);
    const back = await approve(browser);
    await first.stop();
    const second = await stage.startAnother(port);
    expect(await comeBack(browser, back)).toBe(`/guilds/${guildId}/setup`);
    await second.stop();
  });
});

describe('an intent is good for its viewer', () => {
  test("somebody else's answer in the browser of a manager, with and without the cookie", async () => {
    const attacker = await stage.logIn(ids.outsider);
    const back = await approve(attacker);
    const victim = await stage.logIn(ids.manager);
    expect(await comeBack(victim, back)).toBe(outcome('expired', null));
    victim.setCookie(LOGIN, attacker.cookies.get(LOGIN) ?? '');
    expect(await comeBack(victim, back)).toBe(outcome('foreign', null));
    expect(await countIntents()).toBe(1); // nobody uses up what is another's
    expect(await comeBack(attacker, back)).toBe(`/guilds/${guildId}/setup`);
  });

  test("an attacker's answer beside the intent of a viewer who is at Discord at that moment", async () => {
    await stage.sandbox.control('add-member', {
      guild_id: guildId,
      user_id: ids.manager,
      role_ids: [managers],
    });
    const theirs = await approve(await stage.logIn(ids.outsider));
    const victim = await stage.logIn(ids.manager);
    await kickBot();
    const own = await approve(victim, ids.manager);
    expect(await comeBack(victim, theirs)).toBe(outcome('foreign', null));
    expect(await comeBack(victim, new URL('/install/callback', stage.url))).toBe(outcome('foreign', null));
    expect(await comeBack(victim, own)).toBe(`/guilds/${guildId}/setup`); // neither has ended it
    expect(victim.cookies.has(LOGIN)).toBe(false);
    await stage.sandbox.control('remove-member', { guild_id: guildId, user_id: ids.manager });
    await stage.db.query(sql`delete from install_intents`);
  });

  test('another account of Discord, which manages the guild, too, approved it', async () => {
    await stage.sandbox.control('add-member', {
      guild_id: guildId,
      user_id: ids.manager,
      role_ids: [managers],
    });
    const browser = await stage.logIn(ids.outsider);
    const back = await approve(browser, ids.manager);
    expect(await comeBack(browser, back)).toBe(outcome('foreign'));
    expect(browser.cookies.has(LOGIN)).toBe(false);
    expect(await countRows(sql`discord_grants where user_id = ${ids.manager}`)).toBe(0);
    await stage.sandbox.control('remove-member', { guild_id: guildId, user_id: ids.manager });
  });

  test('nobody is logged in any more', async () => {
    const browser = await stage.logIn(ids.outsider);
    const back = await approve(browser);
    await stage.db.query(sql`delete from sessions`);
    expect(await comeBack(browser, back)).toBe(outcome('not_logged_in', null));
    await stage.db.query(sql`delete from install_intents`);
  });

  test('an API token of the viewer brings it back: not in the browser that began it', async () => {
    const browser = await stage.logIn(ids.outsider);
    const made = await browser.send('POST', '/api/tokens', { name: 'x', scope: 'manage', expiresInDays: 1 });
    const { token } = (await made.json()) as { token: string };
    const { pathname, search } = await approve(browser);
    const answer = await fetch(`${stage.url}${pathname}${search}`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
    });
    expect(locationOf(answer)).toBe(outcome('expired', null));
    await stage.db.query(sql`delete from install_intents`);
  });
});

describe('an intent is good for its guild', () => {
  test.each([
    ['another guild', { guild_id: ids.guild }],
    ['no snowflake', { guild_id: '../../etc' }],
    ['none', { guild_id: '' }],
  ])('%s in the callback is not looked at', async (_, tampered) => {
    const browser = await stage.logIn(ids.outsider);
    const back = await approve(browser);
    for (const [name, value] of Object.entries(tampered)) back.searchParams.set(name, value);
    expect(await comeBack(browser, back)).toBe(`/guilds/${guildId}/setup`);
  });

  test('nor are permissions there', async () => {
    const browser = await stage.logIn(ids.outsider);
    const back = await approve(browser);
    back.searchParams.set('permissions', '8');
    expect(await comeBack(browser, back)).toBe(`/guilds/${guildId}/setup`);
  });

  test('the bot was really added to another guild, or to none', async () => {
    await stage.sandbox.control('add-member', {
      guild_id: ids.guild,
      user_id: ids.outsider,
      role_ids: [ids.managerRole],
    });
    const browser = await stage.logIn(ids.outsider);
    const elsewhere = new URL(await begin(browser));
    elsewhere.searchParams.set('guild_id', ids.guild);
    const back = new URL(await browser.approve(elsewhere.href, { user_id: ids.outsider }));
    back.searchParams.set('guild_id', guildId);
    expect(await comeBack(browser, back)).toBe(outcome('wrong_guild'));

    const nowhere = new URL(await begin(browser));
    nowhere.searchParams.set('scope', 'identify guilds');
    const login = new URL(await browser.approve(nowhere.href, { user_id: ids.outsider }));
    login.searchParams.set('guild_id', guildId);
    expect(await comeBack(browser, login)).toBe(outcome('wrong_guild'));
    await stage.sandbox.control('remove-member', { guild_id: ids.guild, user_id: ids.outsider });
  });

  test('Discord tells nothing of who it was: the viewer took a scope out of the address', async () => {
    const browser = await stage.logIn(ids.outsider);
    const lessened = new URL(await begin(browser));
    lessened.searchParams.set('scope', 'bot');
    const back = new URL(await browser.approve(lessened.href, { user_id: ids.outsider }));
    expect(await comeBack(browser, back)).toBe(outcome('refused'));
  });

  test('the least is asked for, of this guild and no other', async () => {
    const url = new URL(await begin(await stage.logIn(ids.outsider)));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      guild_id: guildId,
      disable_guild_select: 'true',
      scope: 'identify guilds bot applications.commands',
      code_challenge_method: 'S256',
    });
    const permissions = BigInt(url.searchParams.get('permissions') ?? 0);
    expect(permissions & 0x8n).toBe(0n); // no administrator
    expect(permissions & BigInt(MANAGE_GUILD)).toBe(0n);
    await stage.db.query(sql`delete from install_intents`);
  });
});

describe('who may', () => {
  test('nobody who is not logged in, no token, and nobody who does not manage the guild', async () => {
    expect((await stage.newBrowser().send('POST', '/api/installs', { guildId })).status).toBe(401);
    const owner = await stage.logIn(ids.owner); // a plain member there
    expect(await begin(owner)).toBe('install_not_a_manager');
    expect(await begin(await stage.logIn(ids.member))).toBe('install_not_a_manager');
    expect(await begin(owner, '999999999999999999')).toBe('install_not_a_manager');
    expect(await begin(owner, ids.guild)).toBe('install_already_installed');
    const made = await owner.send('POST', '/api/tokens', { name: 'x', scope: 'manage', expiresInDays: 1 });
    const { token } = (await made.json()) as { token: string };
    const byToken = await fetch(`${stage.url}/api/installs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ guildId }),
    });
    expect(await byToken.json()).toMatchObject({ status: 403, code: 'session_needed' });
    expect(await countIntents()).toBe(0);
  });

  test('who lost Manage Server meanwhile', async () => {
    await stage.sandbox.control('add-member', {
      guild_id: guildId,
      user_id: ids.member,
      role_ids: [managers],
    });
    const browser = await stage.logIn(ids.member);
    const back = await approve(browser, ids.member);
    await stage.sandbox.control('take-role', { guild_id: guildId, user_id: ids.member, role_id: managers });
    expect(await comeBack(browser, back)).toBe(outcome('not_a_manager'));
    await stage.sandbox.control('remove-member', { guild_id: guildId, user_id: ids.member });
  });

  test('with INSTALLS=operators only they', async () => {
    const closed = await stage.startAnother({ INSTALLS: 'operators', OPERATOR_IDS: ids.owner });
    const browser = stage.newBrowserAt(closed.url);
    await browser.logIn(ids.outsider);
    expect(await begin(browser)).toBe('install_operators_only');
    expect(await countIntents()).toBe(0);
    await closed.stop();
  });

  test('while Discord does not answer, nothing is believed, and the intent is used up', async () => {
    const browser = await stage.logIn(ids.outsider);
    const back = await approve(browser);
    await stage.sandbox.control('fail', { route: '/oauth2/token', kind: 'answer', status: 503 });
    expect(await comeBack(browser, back)).toBe(outcome('unavailable'));
    expect(await countIntents()).toBe(0);
  });
});
