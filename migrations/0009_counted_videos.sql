-- Lists of guilds and channels count videos. Without an index that has those alone, each one that is counted was fetched.
create index idx_videos_counted on videos (channel_id) where is_video and deleted_at is null;
