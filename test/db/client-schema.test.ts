import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { columnsOf, constraintsOf, enumLabelsOf, hasExtension, indexesOf, triggersOf } from './catalog.ts';

/**
 * The client's description of its six tables, typed by hand, in PostgreSQL's own words.
 * Below each: what we have added, which is indexes at most.
 */
const clientTables = {
  users: {
    columns: [
      "id integer not null default nextval('users_id_seq'::regclass)",
      'discord_user_id text not null',
      'username text',
      'global_name text',
      'avatar text',
      'last_login_at timestamp with time zone',
    ],
    constraints: ['PRIMARY KEY (id)', 'UNIQUE (discord_user_id)'],
    indexes: [],
    triggers: [],
    ourIndexes: [],
  },
  bot_guilds: {
    columns: [
      'guild_id text not null',
      'name text not null',
      'icon text',
      'owner_user_id text',
      'joined_at timestamp with time zone default now()',
      'last_seen_at timestamp with time zone default now()',
    ],
    constraints: [
      'FOREIGN KEY (owner_user_id) REFERENCES users(discord_user_id) ON DELETE SET NULL',
      'PRIMARY KEY (guild_id)',
    ],
    indexes: [],
    triggers: [],
    ourIndexes: [],
  },
  guild_settings: {
    columns: [
      'guild_id text not null',
      "settings jsonb not null default '{}'::jsonb",
      'updated_at timestamp with time zone default now()',
    ],
    constraints: ['PRIMARY KEY (guild_id)'],
    indexes: [],
    triggers: [],
    ourIndexes: [],
  },
  bot_channels: {
    columns: [
      'channel_id text not null',
      'guild_id text not null',
      'name text',
      'type text',
      'is_nsfw boolean default false',
      'is_reading boolean not null default false',
      'last_message_id text',
      'last_scanned_at timestamp with time zone',
      'last_activity_at timestamp with time zone',
      'message_count bigint not null default 0',
      "settings jsonb not null default '{}'::jsonb",
      'created_at timestamp with time zone not null default now()',
      'updated_at timestamp with time zone not null default now()',
    ],
    constraints: [
      'FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE',
      'PRIMARY KEY (channel_id)',
    ],
    indexes: [
      'CREATE INDEX idx_bot_channels_guild ON public.bot_channels USING btree (guild_id)',
      'CREATE INDEX idx_bot_channels_isreading ON public.bot_channels USING btree (is_reading) WHERE (is_reading = true)',
      'CREATE INDEX idx_bot_channels_last_message_id ON public.bot_channels USING btree (last_message_id)',
      'CREATE INDEX idx_bot_channels_work ON public.bot_channels USING btree (guild_id, is_reading, last_scanned_at)',
    ],
    triggers: [
      'CREATE TRIGGER trg_bot_channels_updated_at BEFORE UPDATE ON public.bot_channels FOR EACH ROW EXECUTE FUNCTION set_updated_at()',
    ],
    ourIndexes: [],
  },
  bot_channel_scan_runs: {
    columns: [
      'id uuid not null default gen_random_uuid()',
      'channel_id text not null',
      'after_message_id text',
      'before_message_id text',
      "status scan_status not null default 'queued'::scan_status",
      'messages_scanned bigint not null default 0',
      'messages_matched bigint not null default 0',
      'error_message text',
      'started_at timestamp with time zone',
      'finished_at timestamp with time zone',
      'created_at timestamp with time zone not null default now()',
    ],
    constraints: [
      'FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE',
      'PRIMARY KEY (id)',
    ],
    indexes: [
      'CREATE INDEX idx_bot_scan_runs_channel ON public.bot_channel_scan_runs USING btree (channel_id, created_at DESC)',
    ],
    triggers: [],
    ourIndexes: [
      'CREATE INDEX idx_bot_scan_runs_finished ON public.bot_channel_scan_runs USING btree (finished_at) WHERE (finished_at IS NOT NULL)',
      "CREATE UNIQUE INDEX idx_bot_scan_runs_unfinished ON public.bot_channel_scan_runs USING btree (channel_id) WHERE (status = ANY (ARRAY['queued'::scan_status, 'running'::scan_status]))",
    ],
  },
  install_intents: {
    columns: [
      'state text not null',
      'user_id text not null',
      'guild_id text not null',
      'created_at timestamp without time zone default CURRENT_TIMESTAMP',
      'expires_at timestamp without time zone not null',
    ],
    constraints: [
      'FOREIGN KEY (user_id) REFERENCES users(discord_user_id) ON DELETE CASCADE',
      'PRIMARY KEY (state)',
    ],
    indexes: [],
    triggers: [],
    ourIndexes: [],
  },
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe.each(Object.entries(clientTables))('the table %s', (table, wanted) => {
  test('has these columns and no others', async () => {
    expect(await columnsOf(database.db, table)).toEqual(wanted.columns);
  });

  test('has these keys, references with their delete rules, and no checks', async () => {
    expect(await constraintsOf(database.db, table)).toEqual(wanted.constraints);
  });

  test('has these indexes, with their predicates and orders', async () => {
    expect(await indexesOf(database.db, table)).toEqual([...wanted.indexes, ...wanted.ourIndexes]);
  });

  test('has these triggers', async () => {
    expect(await triggersOf(database.db, table)).toEqual(wanted.triggers);
  });
});

test('scan_status has its labels in their order', async () => {
  const labels = ['queued', 'running', 'succeeded', 'failed', 'canceled'];
  expect(await enumLabelsOf(database.db, 'scan_status')).toEqual(labels);
});

test('pgcrypto is there', async () => {
  expect(await hasExtension(database.db, 'pgcrypto')).toBe(true);
});
