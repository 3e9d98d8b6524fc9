-- The noticeboard as citizens read it: by post (its languages side by side), by event, and which pictures it shows.

-- 1 on the first live language of a post: lists go over posts, and a page reads only the rows that it shows.
ALTER TABLE notice ADD COLUMN listed INTEGER NOT NULL DEFAULT 1;
-- Until when an event is upcoming: its end, or three hours after its start where nobody said one.
ALTER TABLE notice ADD COLUMN event_until INTEGER
  GENERATED ALWAYS AS (COALESCE(json_extract(rendition, '$.event.end'), event_at + 10800000)) VIRTUAL;
CREATE INDEX notice_listed ON notice(org, published_at, id) WHERE listed = 1;
CREATE INDEX notice_upcoming ON notice(org, event_until) WHERE listed = 1 AND event_at IS NOT NULL;

-- The pictures that live notices show: anybody may see these, and no others.
CREATE TABLE notice_media (
  org TEXT NOT NULL,
  media TEXT NOT NULL,
  notice TEXT NOT NULL REFERENCES notice(id),
  PRIMARY KEY (org, media, notice)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_media_by_notice ON notice_media(org, notice);
