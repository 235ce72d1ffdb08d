import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type {
  ApiToken,
  Channel,
  Guild,
  Me,
  NewApiToken,
  OwnGuild,
  Page,
  Session,
  SettingsView,
  Video,
} from '../../src/http/contract.ts';
import { ids } from '../sandbox/small-world.ts';
import { waitFor } from '../support/wait-for.ts';
import { ask, cookieHeader } from './attack-http.ts';
import { type AttackStage, openAttackStage } from './attack-stage.ts';
import { hostileTexts } from './hostile-texts.ts';

let stage: AttackStage;
beforeAll(async () => {
  stage = await openAttackStage();
  await stage.logIn(ids.member); // who is then a user, whatever they are called
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

describe.each(hostileTexts)('%j', (text) => {
  test('as the name of a server, a channel, a person and a file is told as it is, and changes nothing else', async () => {
    const { control } = stage.sandbox;
    const before = await countRows();
    await control('update-user', { user_id: ids.member, username: text, global_name: text });
    await control('update-guild', { guild_id: ids.guild, name: text });
    await control('update-channel', { channel_id: ids.general, name: text });
    const files = [{ clip: 'test-card.mp4', filename: `${text}.mp4` }];
    const posted = await control('post', {
      channel_id: ids.general,
      author_id: ids.member,
      content: text,
      files,
    });
    const browser = await stage.logIn(ids.member);
    const newest = async () => (await browser.read<Page<Video>>('/api/videos?limit=1')).items[0];
    await waitFor(async () => (await newest())?.messageId === posted.message_id);

    const video = await newest();
    expect(video).toMatchObject({ caption: text, guildName: text, channelName: text });
    expect(video?.author).toMatchObject({ username: text, globalName: text });
    expect(video?.filename).toBe(`${text}.mp4`);
    expect(await browser.read<Me>('/api/me')).toMatchObject({ username: text, globalName: text });
    expect(await browser.read<Guild>(`/api/guilds/${ids.guild}`)).toMatchObject({ name: text });
    expect(await browser.read<Channel>(`/api/channels/${ids.general}`)).toMatchObject({ name: text });
    const own = await browser.read<Page<OwnGuild>>('/api/me/guilds');
    expect(own.items).toMatchObject([{ id: ids.guild, name: text }]);
    expect(await countRows()).toEqual({ ...before, videos: before.videos + 1 });
  });

  test('as the name of a token, of a browser, and as a setting', async () => {
    const browser = await stage.logIn(ids.manager);
    const made = await browser.send('POST', '/api/tokens', { name: text, scope: 'read', expiresInDays: 1 });
    expect(((await made.json()) as NewApiToken).name).toBe(text.trim());
    expect((await browser.read<Page<ApiToken>>('/api/tokens')).items).toMatchObject([{ name: text.trim() }]);
    const agent = encodeURIComponent(text).slice(0, 200);
    await stage.db.query(sql`update sessions set user_agent = ${text}`);
    expect((await browser.read<Page<Session>>('/api/sessions')).items).toMatchObject([{ userAgent: text }]);
    await browser.get('/api/me', { 'user-agent': agent });
    const settings = `/api/guilds/${ids.guild}/settings`;
    const prefix = [...text.replaceAll(/\s/g, '')].slice(0, 4).join('');
    expect((await browser.send('PATCH', settings, { prefix })).status).toBe(200);
    expect((await browser.read<SettingsView>(settings)).own.prefix).toBe(prefix);
    expect((await browser.send('PATCH', settings, { [text]: true })).status).toBe(400);
    expect((await browser.send('PATCH', settings, { video_formats: [text] })).status).toBe(400);
  });

  test('in every parameter is a value that is not allowed, or text', async () => {
    const headers = { cookie: cookieHeader(await stage.logIn(ids.owner)) };
    const before = await countRows();
    const value = encodeURIComponent(text);
    for (const path of [
      ...['guild_id', 'channel_id', 'cursor', 'limit', value].map((name) => `/api/videos?${name}=${value}`),
      `/api/videos/count?down_to=${value}`,
      ...['guild_id', 'channel_id', 'status', 'newest', 'limit'].map((name) => `/api/runs?${name}=${value}`),
      ...['guilds', 'channels', 'runs', 'videos'].map((noun) => `/api/${noun}/${value}`),
      `/videos/${value}/stream`,
      `/videos/${ids.guild}/stream?retry=${value}`,
    ]) {
      const { status, body, headers: told } = await ask(stage.url, path, { headers });
      expect({ path, status }).toEqual({ path, status: expect.toBeOneOf([400, 404]) });
      expect(told['content-type']).toBe('application/problem+json');
      expect(told['x-content-type-options']).toBe('nosniff');
      expect(body).not.toMatch(/syntax error|column|relation|postgres/i);
    }
    expect(await countRows()).toEqual(before);
  });
});

type Counts = { users: number; videos: number; guilds: number; channels: number; settings: number };

async function countRows(): Promise<Counts> {
  const [row] = await stage.db.query<Counts>(sql`
    select (select count(*)::int from users) as users, (select count(*)::int from videos) as videos,
      (select count(*)::int from bot_guilds) as guilds, (select count(*)::int from bot_channels) as channels,
      (select count(*)::int from guild_settings) as settings`);
  if (!row) throw new Error('no counts');
  return row;
}
