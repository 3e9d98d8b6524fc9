-- Comments: two threads of a post, two types. What a query asks for stands in a column; the rest is the domain's.
CREATE TABLE comment (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  audience TEXT NOT NULL,               -- internal, external
  round INTEGER NOT NULL,
  at INTEGER NOT NULL,
  version INTEGER NOT NULL,             -- counts its changes; a change must name the one it started from
  data TEXT NOT NULL,                   -- JSON of domain::comment::Comment
  deleted_at INTEGER                    -- until its words are swept; they stay in the record
) STRICT;
CREATE INDEX comment_by_post ON comment(org, post, audience, at, id);
CREATE INDEX comment_deleted ON comment(deleted_at) WHERE deleted_at IS NOT NULL;

-- What was submitted, for the round after it to be compared with. The last two of each post: the record has them all.
CREATE TABLE submission (
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  round INTEGER NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  content TEXT NOT NULL,                -- JSON of domain::Content
  PRIMARY KEY (org, post, round)
) STRICT;
CREATE INDEX submission_by_time ON submission(at);
-- Those of before stand in the record.
INSERT OR IGNORE INTO submission (org, post, round, by, at, content)
  SELECT r.org, p.id, json_extract(r.body, '$.round'), json_extract(r.body, '$.by'), r.at, json_extract(r.body, '$.content')
  FROM record r JOIN post p ON p.org = r.org AND p.id = json_extract(r.body, '$.post')
  WHERE r.subject = 'submission' AND r.body IS NOT NULL AND json_extract(r.body, '$.round') >= p.rounds - 1;
