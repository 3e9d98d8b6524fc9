-- Why something is said and what it is about: facts of a post that are not said to anybody.
CREATE TABLE campaign (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  first_day TEXT,                       -- a day of the organisation's calendar, 2026-11-28
  last_day TEXT,
  archived INTEGER NOT NULL,            -- 1: over; nothing more is put into it
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE UNIQUE INDEX campaign_name ON campaign(org, name);

CREATE TABLE pillar (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  archived INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE UNIQUE INDEX pillar_name ON pillar(org, name);

ALTER TABLE post ADD COLUMN campaign TEXT;
ALTER TABLE post ADD COLUMN pillar TEXT;
