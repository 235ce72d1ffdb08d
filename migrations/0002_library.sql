-- Our own tables. Columns that refer to the client's tables are text as there; snowflakes of our own are bigint.

-- Message ids known to be fully processed, per channel, as half-open ranges of snowflakes.
create table scan_coverage (
  channel_id text primary key references bot_channels (channel_id) on delete cascade,
  scanned int8multirange not null default '{}'
);

-- What a run adds to the client's row: who works on it, who asked, and how far the walk came.
create table scan_run_walks (
  run_id uuid primary key references bot_channel_scan_runs (id) on delete cascade,
  requested_by text not null check (requested_by in ('person', 'catch_up', 'auto')),
  worker_id text,                                -- the job attempt that may commit pages; a later one takes it over
  pages bigint not null default 0,
  videos_found bigint not null default 0,
  oldest_message_id bigint,                      -- how far back the walk has come
  parked_until timestamptz,                      -- Discord asked for a long wait; the job comes back then
  reason text                                    -- why it ended: a reason code
);

create table authors (
  id bigint primary key,
  username text,
  global_name text,
  avatar text,
  is_bot boolean not null default false
);

create type video_source as enum ('attachment', 'forward', 'embed', 'component');
create type video_found_by as enum ('live', 'history', 'index');

-- One row per video file in a message. The file is known by its attachment id (or, for embeds, by a key made of
-- message id and position); a forward may carry the attachment id of its original, so the message is in the key.
create table videos (
  message_id bigint not null,
  id text not null,
  channel_id text not null references bot_channels (channel_id) on delete cascade,
  guild_id text not null references bot_guilds (guild_id) on delete cascade,
  author_id bigint references authors (id),
  posted_at timestamptz not null,
  edited_at timestamptz,                         -- of the message as stored; an older copy never overwrites a newer
  filename text not null,
  title text,
  extension text not null,
  content_type text,
  size_bytes bigint,
  width integer,
  height integer,
  duration_secs double precision,
  placeholder text,
  is_spoiler boolean not null default false,
  is_clip boolean not null default false,
  source video_source not null,
  caption text,
  url text not null,
  proxy_url text,
  url_expires_at timestamptz,
  found_by video_found_by not null,
  found_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (message_id, id)
);

create index idx_videos_file on videos (id);
create index idx_videos_channel on videos (channel_id, message_id desc, id desc);
create index idx_videos_guild on videos (guild_id, message_id desc, id desc);

-- What is needed to compute who may see a channel; bits are Discord's 64-bit permission sets.
create table channel_access (
  channel_id text primary key references bot_channels (channel_id) on delete cascade,
  parent_id text,
  position integer not null default 0,
  overwrites jsonb not null default '[]',
  newest_message_id bigint                       -- last_message_id as Discord told it, processed or not
);

create table guild_roles (
  guild_id text not null references bot_guilds (guild_id) on delete cascade,
  role_id text not null,
  name text not null,
  permissions numeric(20) not null,              -- Discord has used 2^50 and goes on: never a float, never a sign bit
  position integer not null default 0,
  primary key (guild_id, role_id)
);

-- Roles of members whom we know (the bot itself, and viewers), with the time they were read.
create table member_roles (
  guild_id text not null references bot_guilds (guild_id) on delete cascade,
  user_id text not null,
  role_ids text[] not null,
  read_at timestamptz not null default now(),
  primary key (guild_id, user_id)
);

-- Guilds that we were removed from: hidden, and deleted after the grace time unless the bot returns.
create table guild_departures (
  guild_id text primary key references bot_guilds (guild_id) on delete cascade,
  departed_at timestamptz not null default now()
);

-- What RESUME needs, per shard; the sequence is saved in the transaction that wrote the events up to it.
create table gateway_sessions (
  api_url text not null,                         -- of the Discord that it is with: a session, and the token that
  bot_user_id text not null,                     -- resumes it, never go to another one
  shard_id integer not null,
  shard_count integer not null,
  session_id text not null,
  resume_url text not null,
  sequence bigint not null,
  intents bigint not null,
  accepted_at timestamptz not null default now(), -- when Discord accepted an IDENTIFY with these intents
  updated_at timestamptz not null default now(),
  primary key (api_url, bot_user_id, shard_id, shard_count)
);

-- First message of each channel that the running gateway session delivered; live coverage grows from there.
create table live_coverage (
  channel_id text primary key references bot_channels (channel_id) on delete cascade,
  session_id text not null,
  first_message_id bigint not null
);

-- Messages deleted while a page that holds them may still be on its way to us: such a page must not bring them back.
create table deleted_messages (
  message_id bigint primary key,
  deleted_at timestamptz not null default now()
);

create index idx_deleted_messages_deleted_at on deleted_messages (deleted_at);

-- The one place that says which channels may be read, scanned and shown. A thread takes its parent's age restriction
-- and settings. `own_settings` lacks the code's defaults: absent keys mean the default (scan_nsfw: false).
create view channel_rules as
select
  c.channel_id,
  c.guild_id,
  access.parent_id,
  c.is_reading,
  rules.is_age_restricted,
  rules.own_settings,
  rules.is_departed,
  not rules.is_departed
    and (not rules.is_age_restricted or coalesce(rules.own_settings -> 'scan_nsfw' = 'true', false)) as is_open
from bot_channels c
left join channel_access access on access.channel_id = c.channel_id
left join bot_channels parent
  on parent.channel_id = access.parent_id and parent.type in ('text', 'announcement', 'forum', 'media')
left join guild_settings gs on gs.guild_id = c.guild_id
cross join lateral (
  select
    coalesce(c.is_nsfw, false) or coalesce(parent.is_nsfw, false) as is_age_restricted,
    coalesce(gs.settings, '{}') || coalesce(parent.settings, '{}') || c.settings as own_settings,
    exists (select from guild_departures d where d.guild_id = c.guild_id) as is_departed
) rules;
