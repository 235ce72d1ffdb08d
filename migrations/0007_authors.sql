-- Which authors have a video left, and all videos of one.
create index idx_videos_author on videos (author_id);
