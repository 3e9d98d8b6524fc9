-- Whom the organisation speaks to, and how often it promised to.
CREATE TABLE audience (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  who TEXT NOT NULL,
  found TEXT NOT NULL,                  -- where they are
  languages TEXT NOT NULL,              -- JSON: a list of tags
  needs TEXT NOT NULL,
  archived INTEGER NOT NULL,            -- 1: nothing more is put before it
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE UNIQUE INDEX audience_name ON audience(org, name);

CREATE TABLE promise (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  channel TEXT NOT NULL,
  count INTEGER NOT NULL,
  per TEXT NOT NULL,                    -- domain::promise::Per
  pillar TEXT,
  audience TEXT,
  first_day TEXT NOT NULL,              -- a day of the organisation's calendar, 2026-11-28
  last_day TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;

ALTER TABLE post ADD COLUMN audience TEXT;
-- As it was, with one column more: who looks at a calendar sifted by audience sees it move too.
DROP TRIGGER pulse_of_post;
CREATE TRIGGER pulse_of_post AFTER UPDATE OF heading, kind, stage, slot_at, destinations, plan, correcting, campaign, pillar, audience ON post BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
