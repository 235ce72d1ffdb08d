-- What the complete scan engine keeps: threads, every kind of video, the index pass, reports of runs, coverage by year.

-- Where a thread stands, and whether somebody set its reading switch itself: otherwise it follows its parent's.
alter table channel_access
  add column archived_at timestamptz,            -- of a thread that is archived: its archive timestamp
  add column has_own_reading boolean not null default false;

-- Every page writes the coverage of its channel anew. To compress one of many ranges costs more than to write it as it is.
alter table scan_coverage alter column scanned set storage external;

create index idx_channel_access_parent on channel_access (parent_id);

-- Discord's machines may deliver messages of one moment in another order than their ids have. So within a session the
-- stretch from first_message_id on is claimed only up to a few seconds below the newest message, and above that the
-- messages alone, until the rest has had time to come.
alter table live_coverage
  add column newest_message_id bigint not null default 0, -- of the session in this channel
  add column is_settled boolean not null default true,    -- the stretch is claimed up to the newest message
  add column written_at timestamptz not null default now();

create index idx_live_coverage_unsettled on live_coverage (session_id) where not is_settled;

-- Age restriction made us stop reading, or not begin: reading goes on when it is gone, unless a person decides otherwise.
alter table channel_access add column awaits_opening boolean not null default false;

-- How far the archived threads of a channel are listed; Discord lists the last archived first.
create table thread_lists (
  channel_id text not null references bot_channels (channel_id) on delete cascade, -- the parent
  visibility text not null check (visibility in ('public', 'private')),
  due_at timestamptz default now(),              -- since when a listing is wanted; null: none is
  unseen_since timestamptz,                      -- threads may have been archived unseen up to then; null: we were there
  listed_to timestamptz,                         -- all threads archived up to then were listed; null: never to the end
  began_at timestamptz,                          -- a listing under way: the newest archive timestamp of its first page
  next_before timestamptz,                       -- … and where its next page begins
  listed_at timestamptz,                         -- when the latest listing came to its end
  refusal text,                                  -- why not (all of) it can be listed: a reason code
  primary key (channel_id, visibility)
);

-- A file is kept when it is a video of any format; whether `video_formats` counts it is decided in `is_video`, and again
-- whenever the setting changes, without asking Discord.
alter table videos
  alter column extension drop not null,          -- an embed's player may name no format
  add column formats text[] not null default '{}', -- by which settings can count it, best first; {}: whatever they say
  add column is_video boolean not null default true,
  add column is_confirmed boolean not null default true, -- false: only the index told of it, no walk has seen it yet
  add column page_url text,                      -- of an embed: the page that it shows
  add column embed_type text,                    -- video, gifv, rich, …
  add column provider text,                      -- who plays it ("YouTube")
  add column thumbnail_url text,                 -- a still that needs no rendering
  add column clip_created_at timestamptz,
  add column clip_application text,              -- name of the game that was recorded
  add column clip_participants jsonb;            -- [{id, username, global_name}]

update videos set formats = array[extension];

create index idx_videos_unconfirmed on videos (channel_id, message_id) where not is_confirmed and deleted_at is null;

-- Files that were left out because Discord's payload of them made no sense, so that no loss is silent.
create table skipped_files (
  message_id bigint not null,
  place text not null,                           -- where in the message: "attachments.0", "snapshots.0.attachments.2"
  channel_id text not null references bot_channels (channel_id) on delete cascade,
  reason text not null,                          -- a code
  skipped_at timestamptz not null default now(),
  primary key (message_id, place)
);

create index idx_skipped_files_channel on skipped_files (channel_id);

-- Messages of a channel by the year (UTC) in which they were posted; sums up to bot_channels.message_count.
create table channel_years (
  channel_id text not null references bot_channels (channel_id) on delete cascade,
  year smallint not null,                        -- 0: processed before years were counted
  message_count bigint not null,
  primary key (channel_id, year)
);

insert into channel_years (channel_id, year, message_count)
select channel_id, 0, message_count from bot_channels where message_count > 0;

alter table scan_run_walks
  add column index_found bigint not null default 0, -- of videos_found, those that the index had told of before
  add column index_missed bigint not null default 0, -- … and those that an ended pass had gone over without telling
  add column parked_reason text,                 -- why it waits until parked_until: a reason code
  add column parked_count integer not null default 0, -- waits in a row, without a page between them: each is longer
  add column working_ms bigint not null default 0, -- time spent walking, waits of parking left out: what a rate is made of
  add column planned_span_ms bigint,             -- how much of the channel's time lay in holes when it was first planned
  add column remaining_span_ms bigint;           -- … and how much still does

-- One pass over Discord's search index of a guild: quick, and proof of nothing.
create table index_passes (
  id uuid primary key default gen_random_uuid(),
  guild_id text not null references bot_guilds (guild_id) on delete cascade,
  status scan_status not null default 'queued',
  requested_by text not null check (requested_by in ('person', 'auto')),
  worker_id text,                                -- the job attempt that may commit pages
  search text not null default 'video',          -- the one of its searches that is under way
  next_max_id bigint,                            -- pages go from the newest down: where the next one begins (exclusive)
  barren_pages integer not null default 0,       -- pages of the search in a row that told of no video
  waiting_since timestamptz,                     -- since when Discord has had no page for us (index not built, outage)
  pages bigint not null default 0,
  messages_found bigint not null default 0,
  videos_found bigint not null default 0,        -- videos that nothing had told of before
  documents_indexed bigint,                      -- as Discord tells it
  reason text,                                   -- why it ended: a reason code
  error_message text,
  parked_until timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);

create unique index uq_index_passes_unfinished on index_passes (guild_id) where status in ('queued', 'running');
create index idx_index_passes_guild on index_passes (guild_id, created_at desc);
create index idx_member_roles_user on member_roles (user_id);
