-- Tasks. What a list filters or sorts by stands in a column of its own.
CREATE TABLE task (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  instructions TEXT NOT NULL,
  about TEXT NOT NULL,                  -- JSON of domain::task::About
  post TEXT,                            -- the post that it is about, itself or through its publication
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  assignee TEXT NOT NULL,               -- JSON of domain::task::Assignee
  member TEXT,                          -- the assignee, if a member
  due_at INTEGER,
  urgency TEXT NOT NULL,
  rank INTEGER NOT NULL,                -- the most urgent is 0
  by_when INTEGER NOT NULL,             -- due_at, or later than any date
  state TEXT NOT NULL,
  over INTEGER NOT NULL,                -- 1: nothing more is expected of it
  history TEXT NOT NULL,                -- JSON of [domain::task::Change]
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX task_by_rank ON task(org, over, rank, by_when, id);
CREATE INDEX task_by_change ON task(org, over, changed_at, id);
CREATE INDEX task_of_member ON task(org, member, over, by_when);
CREATE INDEX task_by_asker ON task(org, by, over);
