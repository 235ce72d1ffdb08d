-- The schema that the migrations make, to be read. Written by "npm run schema", not by hand.
set check_function_bodies = off;

create extension pg_trgm;
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

CREATE OR REPLACE FUNCTION public.bump_guild_access()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into guild_access_versions (guild_id)
  select guild_id from bot_guilds -- that may be on its way out, with all of its rows
  where guild_id = case when tg_op = 'DELETE' then old.guild_id else new.guild_id end
  on conflict (guild_id) do update set version = guild_access_versions.version + 1;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_guild_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into guild_changes (guild_id)
  select guild_id from bot_guilds -- that may be on its way out, with all of its rows
  where guild_id = case when tg_op = 'DELETE' then old.guild_id else new.guild_id end
  on conflict (guild_id) do update set
    changed_at = greatest(now(), guild_changes.changed_at + interval '1 microsecond'); -- see guild-changes.ts
  return null;
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
  walked int8range,
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
  index_found bigint default 0 not null,
  index_missed bigint default 0 not null,
  parked_reason text,
  parked_count integer default 0 not null,
  working_ms bigint default 0 not null,
  planned_span_ms bigint,
  remaining_span_ms bigint,
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
  extension text,
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
  formats text[] default '{}'::text[] not null,
  is_video boolean default true not null,
  is_confirmed boolean default true not null,
  page_url text,
  embed_type text,
  provider text,
  thumbnail_url text,
  clip_created_at timestamp with time zone,
  clip_application text,
  clip_participants jsonb,
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
  archived_at timestamp with time zone,
  has_own_reading boolean default false not null,
  awaits_opening boolean default false not null,
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
  timed_out_until timestamp with time zone,
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
  newest_message_id bigint default 0 not null,
  is_settled boolean default true not null,
  written_at timestamp with time zone default now() not null,
  constraint live_coverage_pkey PRIMARY KEY (channel_id),
  constraint live_coverage_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table deleted_messages (
  message_id bigint not null,
  deleted_at timestamp with time zone default now() not null,
  constraint deleted_messages_pkey PRIMARY KEY (message_id)
);

create table thread_lists (
  channel_id text not null,
  visibility text not null,
  due_at timestamp with time zone default now(),
  unseen_since timestamp with time zone,
  listed_to timestamp with time zone,
  began_at timestamp with time zone,
  next_before timestamp with time zone,
  listed_at timestamp with time zone,
  refusal text,
  constraint thread_lists_pkey PRIMARY KEY (channel_id, visibility),
  constraint thread_lists_visibility_check CHECK ((visibility = ANY (ARRAY['public'::text, 'private'::text]))),
  constraint thread_lists_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table skipped_files (
  message_id bigint not null,
  place text not null,
  channel_id text not null,
  reason text not null,
  skipped_at timestamp with time zone default now() not null,
  constraint skipped_files_pkey PRIMARY KEY (message_id, place),
  constraint skipped_files_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table channel_years (
  channel_id text not null,
  year smallint not null,
  message_count bigint not null,
  constraint channel_years_pkey PRIMARY KEY (channel_id, year),
  constraint channel_years_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table index_passes (
  id uuid default gen_random_uuid() not null,
  guild_id text not null,
  status scan_status default 'queued'::scan_status not null,
  requested_by text not null,
  worker_id text,
  search text default 'video'::text not null,
  next_max_id bigint,
  barren_pages integer default 0 not null,
  waiting_since timestamp with time zone,
  pages bigint default 0 not null,
  messages_found bigint default 0 not null,
  videos_found bigint default 0 not null,
  documents_indexed bigint,
  reason text,
  error_message text,
  parked_until timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint index_passes_pkey PRIMARY KEY (id),
  constraint index_passes_requested_by_check CHECK ((requested_by = ANY (ARRAY['person'::text, 'auto'::text]))),
  constraint index_passes_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table sessions (
  id uuid default gen_random_uuid() not null,
  secret_hash bytea not null,
  user_id text not null,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  last_seen_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_secret_hash_key UNIQUE (secret_hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(discord_user_id) ON DELETE CASCADE
);

create table api_tokens (
  id uuid default gen_random_uuid() not null,
  secret_hash bytea not null,
  user_id text not null,
  name text not null,
  scope text not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_secret_hash_key UNIQUE (secret_hash),
  constraint api_tokens_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'manage'::text]))),
  constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(discord_user_id) ON DELETE CASCADE
);

create table discord_grants (
  user_id text not null,
  key_id text not null,
  access_token bytea not null,
  refresh_token bytea not null,
  expires_at timestamp with time zone not null,
  granted_at timestamp with time zone default now() not null,
  constraint discord_grants_pkey PRIMARY KEY (user_id),
  constraint discord_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(discord_user_id) ON DELETE CASCADE
);

create table viewers (
  user_id text not null,
  shows_age_restricted boolean default false not null,
  guilds_read_at timestamp with time zone,
  constraint viewers_pkey PRIMARY KEY (user_id),
  constraint viewers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(discord_user_id) ON DELETE CASCADE
);

create table viewer_guilds (
  user_id text not null,
  guild_id text not null,
  name text not null,
  icon text,
  is_owner boolean not null,
  permissions numeric(20,0) not null,
  constraint viewer_guilds_pkey PRIMARY KEY (user_id, guild_id),
  constraint viewer_guilds_user_id_fkey FOREIGN KEY (user_id) REFERENCES viewers(user_id) ON DELETE CASCADE
);

create table thread_members (
  channel_id text not null,
  user_id text not null,
  is_member boolean not null,
  read_at timestamp with time zone default now() not null,
  constraint thread_members_pkey PRIMARY KEY (channel_id, user_id),
  constraint thread_members_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES bot_channels(channel_id) ON DELETE CASCADE
);

create table guild_access_versions (
  guild_id text not null,
  version bigint default 1 not null,
  constraint guild_access_versions_pkey PRIMARY KEY (guild_id),
  constraint guild_access_versions_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table viewer_channels (
  user_id text not null,
  guild_id text not null,
  channel_ids text[] not null,
  can_manage boolean not null,
  access_version bigint not null,
  valid_until timestamp with time zone not null,
  constraint viewer_channels_pkey PRIMARY KEY (user_id, guild_id),
  constraint viewer_channels_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE,
  constraint viewer_channels_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(discord_user_id) ON DELETE CASCADE
);

create table rate_limits (
  key text not null,
  full_at timestamp with time zone not null,
  constraint rate_limits_pkey PRIMARY KEY (key)
);

create table pending_setups (
  guild_id text not null,
  since timestamp with time zone default now() not null,
  constraint pending_setups_pkey PRIMARY KEY (guild_id),
  constraint pending_setups_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

create table guild_changes (
  guild_id text not null,
  changed_at timestamp with time zone default now() not null,
  constraint guild_changes_pkey PRIMARY KEY (guild_id),
  constraint guild_changes_guild_id_fkey FOREIGN KEY (guild_id) REFERENCES bot_guilds(guild_id) ON DELETE CASCADE
);

CREATE INDEX idx_bot_channels_guild ON public.bot_channels USING btree (guild_id);
CREATE INDEX idx_bot_channels_isreading ON public.bot_channels USING btree (is_reading) WHERE (is_reading = true);
CREATE INDEX idx_bot_channels_last_message_id ON public.bot_channels USING btree (last_message_id);
CREATE INDEX idx_bot_channels_work ON public.bot_channels USING btree (guild_id, is_reading, last_scanned_at);
CREATE INDEX idx_bot_scan_runs_channel ON public.bot_channel_scan_runs USING btree (channel_id, created_at DESC);
CREATE INDEX idx_bot_scan_runs_finished ON public.bot_channel_scan_runs USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE UNIQUE INDEX idx_bot_scan_runs_unfinished ON public.bot_channel_scan_runs USING btree (channel_id) WHERE (status = ANY (ARRAY['queued'::scan_status, 'running'::scan_status]));
CREATE INDEX idx_videos_author ON public.videos USING btree (author_id);
CREATE INDEX idx_videos_channel ON public.videos USING btree (channel_id, message_id DESC, id DESC);
CREATE INDEX idx_videos_counted ON public.videos USING btree (channel_id) WHERE (is_video AND (deleted_at IS NULL));
CREATE INDEX idx_videos_file ON public.videos USING btree (id);
CREATE INDEX idx_videos_found ON public.videos USING btree (found_at);
CREATE INDEX idx_videos_guild ON public.videos USING btree (guild_id, message_id DESC, id DESC);
CREATE INDEX idx_videos_text ON public.videos USING gin ((((((COALESCE(title, ''::text) || ' '::text) || filename) || ' '::text) || COALESCE(caption, ''::text))) gin_trgm_ops);
CREATE INDEX idx_videos_unconfirmed ON public.videos USING btree (channel_id, message_id) WHERE ((NOT is_confirmed) AND (deleted_at IS NULL));
CREATE INDEX idx_channel_access_parent ON public.channel_access USING btree (parent_id);
CREATE INDEX idx_member_roles_user ON public.member_roles USING btree (user_id);
CREATE INDEX idx_live_coverage_unsettled ON public.live_coverage USING btree (session_id) WHERE (NOT is_settled);
CREATE INDEX idx_deleted_messages_deleted_at ON public.deleted_messages USING btree (deleted_at);
CREATE INDEX idx_skipped_files_channel ON public.skipped_files USING btree (channel_id);
CREATE INDEX idx_index_passes_guild ON public.index_passes USING btree (guild_id, created_at DESC);
CREATE UNIQUE INDEX uq_index_passes_unfinished ON public.index_passes USING btree (guild_id) WHERE (status = ANY (ARRAY['queued'::scan_status, 'running'::scan_status]));
CREATE INDEX idx_sessions_user ON public.sessions USING btree (user_id);
CREATE INDEX idx_api_tokens_user ON public.api_tokens USING btree (user_id);
CREATE INDEX idx_rate_limits_full_at ON public.rate_limits USING btree (full_at);
CREATE INDEX idx_guild_changes_changed_at ON public.guild_changes USING btree (changed_at);

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
            c.guild_id = ANY ((ARRAY( SELECT guild_departures.guild_id
                   FROM guild_departures))) AS is_departed) rules;

create view covered_ids as
 SELECT channel_id,
        CASE
            WHEN walked IS NULL THEN scanned
            ELSE scanned + int8multirange(walked)
        END AS scanned
   FROM scan_coverage;

CREATE TRIGGER trg_bot_channels_updated_at BEFORE UPDATE ON bot_channels FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_guild_roles_access_changed AFTER UPDATE ON guild_roles FOR EACH ROW WHEN (old.permissions IS DISTINCT FROM new.permissions) EXECUTE FUNCTION bump_guild_access();
CREATE TRIGGER trg_guild_roles_access_told AFTER INSERT OR DELETE ON guild_roles FOR EACH ROW EXECUTE FUNCTION bump_guild_access();
CREATE TRIGGER trg_guild_departures_changed AFTER INSERT OR DELETE ON guild_departures FOR EACH ROW EXECUTE FUNCTION note_guild_change();
CREATE TRIGGER trg_pending_setups_changed AFTER INSERT OR DELETE ON pending_setups FOR EACH ROW EXECUTE FUNCTION note_guild_change();
