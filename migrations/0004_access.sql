-- Who is logged in, what Discord told of them, and what each of them may see. Of secrets only hashes are here; Discord's
-- own tokens are sealed with the instance's key.

create table sessions (
  id uuid primary key default gen_random_uuid(), -- its name in lists; opens nothing
  secret_hash bytea not null unique,             -- SHA-256 of what the cookie holds
  user_id text not null references users (discord_user_id) on delete cascade,
  user_agent text,                               -- so that its owner recognises it
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null                -- whatever happens in it
);

create index idx_sessions_user on sessions (user_id);

create table api_tokens (
  id uuid primary key default gen_random_uuid(),
  secret_hash bytea not null unique,             -- SHA-256 of the token
  user_id text not null references users (discord_user_id) on delete cascade,
  name text not null,
  scope text not null check (scope in ('read', 'manage')),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz                         -- null: never
);

create index idx_api_tokens_user on api_tokens (user_id);

-- What a user granted us at Discord: one grant a user, that of the latest login. Discord revokes all tokens of an
-- application's user together, so a grant is not a session's.
create table discord_grants (
  user_id text primary key references users (discord_user_id) on delete cascade,
  key_id text not null,                          -- of the key that the tokens are sealed with
  access_token bytea not null,
  refresh_token bytea not null,
  expires_at timestamptz not null,               -- of the access token
  granted_at timestamptz not null default now()
);

-- What a viewer chose for all their sessions.
create table viewers (
  user_id text primary key references users (discord_user_id) on delete cascade,
  shows_age_restricted boolean not null default false, -- otherwise such videos are blurred
  guilds_read_at timestamptz                     -- when Discord told the list below; null: never
);

-- The guilds that a viewer is in, as Discord told the viewer: whether or not the bot is there.
create table viewer_guilds (
  user_id text not null references viewers (user_id) on delete cascade,
  guild_id text not null,
  name text not null,
  icon text,
  is_owner boolean not null,
  permissions numeric(20, 0) not null,
  primary key (user_id, guild_id)
);

-- A member who is timed out may read on, but enter no voice channel.
alter table member_roles add column timed_out_until timestamptz;

-- Of private threads: who is in them, as far as it was asked.
create table thread_members (
  channel_id text not null references bot_channels (channel_id) on delete cascade,
  user_id text not null,
  is_member boolean not null,
  read_at timestamptz not null default now(),
  primary key (channel_id, user_id)
);

-- Counts whatever changes what members of a guild may see. What was computed before the last change is void. Roles
-- are counted by triggers; other statements count themselves, as the client's tables have no trigger but their own.
create table guild_access_versions (
  guild_id text primary key references bot_guilds (guild_id) on delete cascade,
  version bigint not null default 1
);

-- The channels (and private threads) of a guild that a viewer may see and read, computed from roles and overwrites.
-- Other threads are seen by whoever sees their channel, and are not listed here.
create table viewer_channels (
  user_id text not null references users (discord_user_id) on delete cascade,
  guild_id text not null references bot_guilds (guild_id) on delete cascade,
  channel_ids text[] not null,
  can_manage boolean not null,                   -- Manage Guild, Administrator or ownership
  access_version bigint not null,                -- of the guild, when it was computed
  valid_until timestamptz not null,              -- roles that are older are read again first
  primary key (user_id, guild_id)
);

create function bump_guild_access() returns trigger language plpgsql as $$
begin
  insert into guild_access_versions (guild_id)
  select guild_id from bot_guilds -- that may be on its way out, with all of its rows
  where guild_id = case when tg_op = 'DELETE' then old.guild_id else new.guild_id end
  on conflict (guild_id) do update set version = guild_access_versions.version + 1;
  return null;
end
$$;

create trigger trg_guild_roles_access_told after insert or delete on guild_roles
  for each row execute function bump_guild_access();
create trigger trg_guild_roles_access_changed after update on guild_roles
  for each row when (old.permissions is distinct from new.permissions) execute function bump_guild_access();

-- How often something was asked for lately, for all processes of the web role together. Losing it in a crash costs nothing.
create unlogged table rate_limits (
  key text primary key,
  full_at timestamptz not null                   -- by when all of the allowance is there again
);

create index idx_rate_limits_full_at on rate_limits (full_at);

-- Guilds that nobody has set up yet: none of their channels begins to be read by itself.
create table pending_setups (
  guild_id text primary key references bot_guilds (guild_id) on delete cascade,
  since timestamptz not null default now()
);

-- What is told to those who follow the events: runs that ended and videos that were found since they heard last.
create index idx_bot_scan_runs_finished on bot_channel_scan_runs (finished_at) where finished_at is not null;
create index idx_videos_found on videos (found_at);

-- When what lists of guilds and channels show of a guild changed last, its counters aside; noted as above.
create table guild_changes (
  guild_id text primary key references bot_guilds (guild_id) on delete cascade,
  changed_at timestamptz not null default now()
);

create index idx_guild_changes_changed_at on guild_changes (changed_at);

create function note_guild_change() returns trigger language plpgsql as $$
begin
  insert into guild_changes (guild_id)
  select guild_id from bot_guilds -- that may be on its way out, with all of its rows
  where guild_id = case when tg_op = 'DELETE' then old.guild_id else new.guild_id end
  on conflict (guild_id) do update set
    changed_at = greatest(now(), guild_changes.changed_at + interval '1 microsecond'); -- see guild-changes.ts
  return null;
end
$$;

create trigger trg_guild_departures_changed after insert or delete on guild_departures
  for each row execute function note_guild_change();
create trigger trg_pending_setups_changed after insert or delete on pending_setups
  for each row execute function note_guild_change();
