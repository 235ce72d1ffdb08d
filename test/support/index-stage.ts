import type { APIChannel } from 'discord-api-types/v10';
import { listChannelRules, startReadingNew } from '../../src/db/channel-rules.ts';
import { upsertChannels } from '../../src/db/channels-sync.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { ensureGuildSettings } from '../../src/db/guild-settings.ts';
import { upsertGuild } from '../../src/db/guilds.ts';
import { getIndexPass, type IndexPass, listIndexPasses } from '../../src/db/index-passes.ts';
import { createDiscordRest, type DiscordRest } from '../../src/discord/rest.ts';
import { enqueueIndexPass } from '../../src/jobs/enqueue-index-pass.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { readChannels } from '../../src/library/read-channels.ts';
import type { World } from '../../src/sandbox/world.ts';
import { type IndexPatience, indexGuildJob } from '../../src/scan/index-jobs.ts';
import { AccessVerifier } from '../../src/scan/verify-access.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestSandbox, type TestSandbox } from './program.ts';

const log = createLogger('fatal');

/** A sandbox, a database that knows its guilds as the gateway would tell of them, and a worker to be called by hand. */
export class IndexStage {
  readonly #testDatabase: TestDatabase;
  readonly sandbox: TestSandbox;
  readonly rest: DiscordRest;
  readonly verifier: AccessVerifier;

  static async open(world: World): Promise<IndexStage> {
    return new IndexStage(await createTestDatabase(), await startTestSandbox(world));
  }

  private constructor(testDatabase: TestDatabase, sandbox: TestSandbox) {
    this.#testDatabase = testDatabase;
    this.sandbox = sandbox;
    const { apiUrl, token } = sandbox;
    this.rest = createDiscordRest({ apiUrl, token, log, signal: new AbortController().signal });
    this.verifier = new AccessVerifier({ rest: this.rest, db: this.db, apiUrl });
  }

  get db(): Database {
    return this.#testDatabase.db;
  }

  get databaseUrl(): string {
    return this.#testDatabase.url;
  }

  async close(): Promise<void> {
    await this.rest.close();
    await this.sandbox.close();
    await this.#testDatabase.close();
  }

  /** Makes the guild known with its channels and active threads, all that `auto_scan` reads being read. */
  async addGuild(guildId: string): Promise<void> {
    const { name, owner_id } = await this.rest.getGuild(guildId);
    const channels = readChannels((await this.rest.listGuildChannels(guildId)) as APIChannel[]);
    const threads = readChannels((await this.rest.listActiveThreads(guildId)).threads);
    await this.db.transaction(async (tx) => {
      await upsertGuild(tx, { id: guildId, name, icon: null, ownerUserId: owner_id });
      await ensureGuildSettings(tx, guildId);
      await startReadingNew(tx, await upsertChannels(tx, guildId, [...channels, ...threads]));
    });
  }

  async queuePass(guildId: string): Promise<string> {
    const result = await this.db.transaction((tx) =>
      enqueueIndexPass(tx, { guildId, requestedBy: 'person' }),
    );
    if (result.ok) return result.pass.id;
    throw new Error(result.reason);
  }

  /** One attempt of a worker at a pass. */
  async attempt(
    passId: string,
    {
      signal = new AbortController().signal,
      patience = {},
      rest = this.rest,
      clock = systemClock,
    }: AttemptOptions = {},
  ): Promise<IndexPass> {
    const job = indexGuildJob({ db: this.db, rest, verifier: this.verifier, log, patience, clock });
    await job({ passId }, { signal });
    const pass = await getIndexPass(this.db, passId);
    if (!pass) throw new Error(`there is no pass ${passId}`);
    return pass;
  }

  /** A whole pass over a guild. */
  async pass(guildId: string): Promise<IndexPass> {
    return this.attempt(await this.queuePass(guildId));
  }

  async lastPass(guildId: string): Promise<IndexPass | undefined> {
    return (await listIndexPasses(this.db, 'everything', { guildId, limit: 1 }))[0];
  }

  /** Message and file of each video that is shown, whatever told of it. */
  async shownVideos(guildId: string): Promise<string[]> {
    const rows = await this.db.query<{ line: string }>(sql`
      select v.message_id || ' ' || v.id as line from videos v
      where v.guild_id = ${guildId} and v.deleted_at is null and v.is_video
      order by v.message_id, v.id`);
    return rows.map((row) => row.line);
  }

  async isReading(channelId: string): Promise<boolean | undefined> {
    return (await listChannelRules(this.db, [channelId])).get(channelId)?.isReading;
  }

  async requests(route: string): Promise<number> {
    return (await this.sandbox.requests())[route] ?? 0;
  }
}

export type AttemptOptions = {
  signal?: AbortSignal;
  patience?: Partial<IndexPatience>;
  rest?: DiscordRest;
  clock?: Clock;
};

export const SEARCH_ROUTE = 'GET /guilds/:guild/messages/search';
