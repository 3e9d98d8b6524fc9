-- Posts that come again: the rule by which the drafts of a series were made, once, and of each draft which of the series it is.
CREATE TABLE series (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  source TEXT NOT NULL,                 -- the post that it was made from
  version INTEGER NOT NULL,             -- of that post
  rule TEXT NOT NULL,                   -- JSON of domain::series::Recurrence
  by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;

ALTER TABLE post ADD COLUMN series TEXT;
ALTER TABLE post ADD COLUMN turn INTEGER; -- which of the series, from 1
-- Two calls that make the same draft at once: the second finds it here.
CREATE UNIQUE INDEX post_of_series ON post(org, series, turn) WHERE series IS NOT NULL;
