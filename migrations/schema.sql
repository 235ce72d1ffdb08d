-- The schema that the migrations make, to be read. Written by "npm run schema", not by hand.
set check_function_bodies = off;

create extension pgcrypto;

create type scan_status as enum ('queued', 'running', 'succeeded', 'failed', 'canceled');
create type video_source as enum ('attachment', 'forward', 'embed', 'component');
create type video_found_by as enum ('live', 'history', 'index');

CREATE OR REPLACE FUNCTION public.set_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.updated_at = now();
  return new;
end
$function$;

create table clipdex_migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint clipdex_migrations_pkey PRIMARY KEY (name)
);

create table users (
  id serial not null,
  discord_user_id text not null,
  username text,
  global_name text,
  avatar text,
  last_login_at timestamp with time zone,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_discord_user_id_key UNIQUE (discord_user_id)
);

create table bot_guilds (
  guild_id text not null,
  name text not null,
  icon text,
  owner_user_id text,
  joined_at timestamp with time zone default now(),
  last_seen_at timestamp with time zone default now(),
  constraint bot_guilds_pkey PRIMARY KEY (guild_id),
  constraint bot_guilds_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(discord_user_id) ON DELETE SET NULL
);

create table guild_settings (
  guild_id text not null,
  settings jsonb default '{}'::jsonb not null,
  updated_at timestamp with time zone default now(),
  constraint guild_settings_pkey PRIMARY KEY (guild_id)
);

create table bot_channels (
  channel_id text not null,
  guild_id text not null,
  name text,
  type text,
  is_nsfw boolean default false,
  is_reading boolean default false not null,
  last_message_id text,
  last_scanned_at timestamp with time zone,
  last_activity_at timestamp with time zone,
  message_count bigint default 0 not null,
  settings jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint bot_channels_pkey PRIMARY KEY (channel_id),
  constraint bot_channels_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table bot_channel_scan_runs (
  id uuid default gen_random_uuid() not null,
  channel_id text not null,
  after_message_id text,
  before_message_id text,
  status scan_status default 'queued'::scan_status not null,
  messages_scanned bigint default 0 not null,
  messages_matched bigint default 0 not null,
  error_message text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  constraint bot_channel_scan_runs_pkey PRIMARY KEY (id),
  constraint bot_channel_scan_runs_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table install_intents (
  state text not null,
  user_id text not null,
  guild_id text not null,
  created_at timestamp without time zone default CURRENT_TIMESTAMP,
  expires_at timestamp without time zone not null,
  constraint install_intents_pkey PRIMARY KEY (state),
  constraint install_intents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(discord_user_id) ON DELETE CASCADE
);

create table scan_coverage (
  channel_id text not null,
  scanned int8multirange default '{}'::int8multirange not null,
  constraint scan_coverage_pkey PRIMARY KEY (channel_id),
  constraint scan_coverage_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table scan_run_walks (
  run_id uuid not null,
  requested_by text not null,
  worker_id text,
  pages bigint default 0 not null,
  videos_found bigint default 0 not null,
  oldest_message_id bigint,
  parked_until timestamp with time zone,
  reason text,
  constraint scan_run_walks_pkey PRIMARY KEY (run_id),
  constraint scan_run_walks_requested_by_check CHECK ((requested_by = ANY (ARRAY['person'::text, 'catch_up'::text, 'auto'::text]))),
  constraint scan_run_walks_run_id_fkey FOREIGN KEY (run_id) REFERENCES bot_channel_scan_runs(id) ON DELETE CASCADE
);

create table authors (
  id bigint not null,
  username text,
  global_name text,
  avatar text,
  is_bot boolean default false not null,
  constraint authors_pkey PRIMARY KEY (id)
);

create table videos (
  message_id bigint not null,
  id text not null,
  channel_id text not null,
  guild_id text not null,
  author_id bigint,
  posted_at timestamp with time zone not null,
  edited_at timestamp with time zone,
  filename text not null,
  title text,
  extension text not null,
  content_type text,
  size_bytes bigint,
  width integer,
  height integer,
  duration_secs double precision,
  placeholder text,
  is_spoiler boolean default false not null,
  is_clip boolean default false not null,
  source video_source not null,
  caption text,
  url text not null,
  proxy_url text,
  url_expires_at timestamp with time zone,
  found_by video_found_by not null,
  found_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  constraint videos_pkey PRIMARY KEY (message_id, id),
  constraint videos_author_id_fkey FOREIGN KEY (author_id) REFERENCES authors(id),
  constraint videos_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE,
  constraint videos_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table channel_access (
  channel_id text not null,
  parent_id text,
  position integer default 0 not null,
  overwrites jsonb default '[]'::jsonb not null,
  newest_message_id bigint,
  constraint channel_access_pkey PRIMARY KEY (channel_id),
  constraint channel_access_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table guild_roles (
  guild_id text not null,
  role_id text not null,
  name text not null,
  permissions numeric(20,0) not null,
  position integer default 0 not null,
  constraint guild_roles_pkey PRIMARY KEY (guild_id, role_id),
  constraint guild_roles_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table member_roles (
  guild_id text not null,
  user_id text not null,
  role_ids text[] not null,
  read_at timestamp with time zone default now() not null,
  constraint member_roles_pkey PRIMARY KEY (guild_id, user_id),
  constraint member_roles_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table guild_departures (
  guild_id text not null,
  departed_at timestamp with time zone default now() not null,
  constraint guild_departures_pkey PRIMARY KEY (guild_id),
  constraint guild_departures_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table gateway_sessions (
  api_url text not null,
  bot_user_id text not null,
  shard_id integer not null,
  shard_count integer not null,
  session_id text not null,
  resume_url text not null,
  sequence bigint not null,
  intents bigint not null,
  accepted_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint gateway_sessions_pkey PRIMARY KEY (api_url, bot_user_id, shard_id, shard_count)
);

create table live_coverage (
  channel_id text not null,
  session_id text not null,
  first_message_id bigint not null,
  constraint live_coverage_pkey PRIMARY KEY (channel_id),
  constraint live_coverage_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table deleted_messages (
  message_id bigint not null,
  deleted_at timestamp with time zone default now() not null,
  constraint deleted_messages_pkey PRIMARY KEY (message_id)
);

CREATE INDEX idx_bot_channels_guild ON public.bot_channels USING btree (guild_id);
CREATE INDEX idx_bot_channels_isreading ON public.bot_channels USING btree (is_reading) WHERE (is_reading = true);
CREATE INDEX idx_bot_channels_last_message_id ON public.bot_channels USING btree (last_message_id);
CREATE INDEX idx_bot_channels_work ON public.bot_channels USING btree (guild_id, is_reading, last_scanned_at);
CREATE INDEX idx_bot_scan_runs_channel ON public.bot_channel_scan_runs USING btree (channel_id, created_at DESC);
CREATE UNIQUE INDEX idx_bot_scan_runs_unfinished ON public.bot_channel_scan_runs USING btree (channel_id) WHERE (status = ANY (ARRAY['queued'::scan_status, 'running'::scan_status]));
CREATE INDEX idx_videos_channel ON public.videos USING btree (channel_id, message_id DESC, id DESC);
CREATE INDEX idx_videos_file ON public.videos USING btree (id);
CREATE INDEX idx_videos_guild ON public.videos USING btree (guild_id, message_id DESC, id DESC);
CREATE INDEX idx_deleted_messages_deleted_at ON public.deleted_messages USING btree (deleted_at);

create view channel_rules as
 SELECT c.channel_id,
    c.guild_id,
    access.parent_id,
    c.is_reading,
    rules.is_age_restricted,
    rules.own_settings,
    rules.is_departed,
    NOT rules.is_departed AND (NOT rules.is_age_restricted OR COALESCE((rules.own_settings -> 'scan_nsfw'::text) = 'true'::jsonb, false)) AS is_open
   FROM bot_channels c
     LEFT JOIN channel_access access ON access.channel_id = c.channel_id
     LEFT JOIN bot_channels parent ON parent.channel_id = access.parent_id AND (parent.type = ANY (ARRAY['text'::text, 'announcement'::text, 'forum'::text, 'media'::text]))
     LEFT JOIN guild_settings gs ON gs.guild_id = c.guild_id
     CROSS JOIN LATERAL ( SELECT COALESCE(c.is_nsfw, false) OR COALESCE(parent.is_nsfw, false) AS is_age_restricted,
            (COALESCE(gs.settings, '{}'::jsonb) || COALESCE(parent.settings, '{}'::jsonb)) || c.settings AS own_settings,
            (EXISTS ( SELECT
                   FROM guild_departures d
                  WHERE d.guild_id = c.guild_id)) AS is_departed) rules;

CREATE TRIGGER trg_bot_channels_updated_at BEFORE UPDATE ON bot_channels FOR EACH ROW EXECUTE FUNCTION set_updated_at();
