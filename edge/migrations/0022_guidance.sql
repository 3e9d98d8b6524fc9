-- What people said of the matters that a post speaks of: one word for each matter, the last one. Every word stands in the
-- record.
CREATE TABLE remark (
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  matter TEXT NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL,                   -- JSON of domain::matter::Remark
  PRIMARY KEY (org, post, matter)
) STRICT;

-- The checklist of each submission and decision, as it stood. Kept as long as its post: it is the evidence beside it.
CREATE TABLE checks (
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  at INTEGER NOT NULL,
  data TEXT NOT NULL                    -- JSON of domain::guidance::Checks
) STRICT;
CREATE INDEX checks_of_post ON checks(org, post, at);

-- The unit that a task was asked of, also when somebody of it has taken it.
ALTER TABLE task ADD COLUMN unit TEXT;
UPDATE task SET unit = json_extract(assignee, '$.unit') WHERE json_extract(assignee, '$.assignee') = 'unit';
CREATE INDEX task_of_unit ON task(org, unit, over, by_when) WHERE unit IS NOT NULL;
