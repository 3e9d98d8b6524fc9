-- What of a pillar is to be understood, each in a sentence, and which of them a post carries.
CREATE TABLE message (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  pillar TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,    -- the sentence
  audiences TEXT NOT NULL,              -- JSON: a list of identities; everybody where it is empty
  first_day TEXT,                       -- a day of the organisation's calendar, 2026-11-28
  last_day TEXT,
  archived INTEGER NOT NULL,            -- 1: nothing more carries it
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE UNIQUE INDEX message_name ON message(org, name);

ALTER TABLE post ADD COLUMN message TEXT;
-- As it was, with one column more: who looks at a calendar sifted by message sees it move too.
DROP TRIGGER pulse_of_post;
CREATE TRIGGER pulse_of_post AFTER UPDATE OF heading, kind, stage, slot_at, destinations, plan, correcting, campaign, pillar, audience, message ON post BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
