-- Words in titles, file names and captions are found by their trigrams.

create extension if not exists pg_trgm;

create index idx_videos_text on videos
  using gin ((coalesce(title, '') || ' ' || filename || ' ' || coalesce(caption, '')) gin_trgm_ops);
