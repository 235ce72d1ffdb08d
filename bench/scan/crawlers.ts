import { Agent, get } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DiscordRest } from '../../src/discord/rest.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

/** Reads a stretch of a channel, from `before` down, in so many pages of 100. */
export type Crawler = (channelId: string, before: string, pages: number) => Promise<void>;

type Message = { id: string };

const PAGE_SIZE = 100;

/** The least that any program must do: ask, and understand the answer. */
export function bareCrawler(apiUrl: string): Crawler & { close(): void } {
  const agent = new Agent({ keepAlive: true });
  const crawl: Crawler = (channelId, before, pages) =>
    readPages(before, pages, async (end) => {
      const url = `${apiUrl}/v10/channels/${channelId}/messages?limit=${PAGE_SIZE}&before=${end}`;
      return JSON.parse(await getText(url, agent)) as Message[];
    });
  return Object.assign(crawl, { close: () => agent.destroy() });
}

export function restCrawler(rest: DiscordRest): Crawler {
  return (channelId, before, pages) =>
    readPages(before, pages, (end) => rest.listMessages(channelId, { limit: PAGE_SIZE, before: end }));
}

/** What we use of discord.js, which is no dependency of ours: `crawl.ts` says how to have it beside the bench. */
type DiscordJs = {
  Client: new (
    options: object,
  ) => {
    rest: { setToken(token: string): void };
    channels: { fetch(id: string, options: object): Promise<unknown> };
    destroy(): Promise<void>;
  };
};
type TextChannel = {
  messages: { fetch(query: object): Promise<{ size: number; lastKey(): string | undefined }> };
};

/** Null where discord.js is not installed. */
export async function discordJsCrawler(
  apiUrl: string,
): Promise<(Crawler & { close(): Promise<void> }) | null> {
  const discordJs = await importDiscordJs();
  if (!discordJs) return null;
  const client = new discordJs.Client({
    intents: [],
    rest: { api: apiUrl, globalRequestsPerSecond: 1_000_000 },
  });
  client.rest.setToken('bench.token');
  const crawl: Crawler = async (channelId, before, pages) => {
    const channel = (await client.channels.fetch(channelId, { allowUnknownGuild: true })) as TextChannel;
    await readPages(before, pages, async (end) => {
      const page = await channel.messages.fetch({ limit: PAGE_SIZE, before: end, cache: true });
      return [{ id: page.lastKey() ?? '0' }];
    });
  };
  return Object.assign(crawl, { close: () => client.destroy() });
}

/** From a folder of its own: what it depends on must not stand before what we depend on. */
async function importDiscordJs(): Promise<DiscordJs | null> {
  const require = createRequire(join(packageRoot, 'bench', 'discord-js', 'index.js'));
  try {
    return (await import(pathToFileURL(require.resolve('discord.js')).href)) as DiscordJs;
  } catch {
    return null;
  }
}

async function readPages(
  before: string,
  pages: number,
  readPage: (end: string) => Promise<readonly Message[]>,
): Promise<void> {
  let end = before;
  for (let page = 0; page < pages; page += 1) {
    const oldest = (await readPage(end)).at(-1);
    if (!oldest) throw new Error('the history ended too soon');
    end = oldest.id;
  }
}

function getText(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: 'Bot bench.token' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      response.on('error', reject);
    }).on('error', reject);
  });
}
