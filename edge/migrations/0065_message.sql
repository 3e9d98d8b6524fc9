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

-- What was decided, and what was kept in the record, before all of it was brought here with a copy: nobody here saw it happen.
ALTER TABLE decision ADD COLUMN brought_at INTEGER;         -- when this deployment took it in; nothing for what was decided here
ALTER TABLE organisation ADD COLUMN brought_at INTEGER;     -- when it was filled from a copy
ALTER TABLE organisation ADD COLUMN brought_upto INTEGER;   -- the last entry of the record that came along
