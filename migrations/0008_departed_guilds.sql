-- Channels are asked for by the thousand, and hardly a guild has departed: those are read once for a statement. As
-- `exists`, which PostgreSQL takes for free where the table is empty, they were looked up for each channel.
create or replace view channel_rules as
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
    c.guild_id = any (array(select guild_id from guild_departures)) as is_departed
) rules;
