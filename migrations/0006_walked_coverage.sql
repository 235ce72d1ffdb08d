-- What the walk under way has covered since it came to its place is kept beside the rest of the coverage: to add to a
-- thousand ranges costs as much as all else of a page, and to add to one costs nothing.
alter table scan_coverage add column walked int8range; -- covered too, until it is added to scanned

create view covered_ids as
select channel_id, case when walked is null then scanned else scanned + int8multirange(walked) end as scanned
from scan_coverage;
