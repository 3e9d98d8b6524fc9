-- Calendars of others (domain::foreign): where each is, and how it fares.
CREATE TABLE foreign_calendar (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  address TEXT NOT NULL,
  active INTEGER NOT NULL,              -- 0: neither asked nor shown
  due_at INTEGER,                       -- when it is asked next; NULL where it is off
  read_at INTEGER,
  trouble TEXT,                         -- domain::foreign::Trouble
  trouble_at INTEGER,                   -- since when
  etag TEXT,                            -- what the server called what it said last
  edition TEXT NOT NULL,                -- the zone and the first day that it was read for: for others that tag means nothing
  kept INTEGER NOT NULL,
  shortfall TEXT NOT NULL,              -- domain::ics::read::Shortfall
  PRIMARY KEY (org, id)
) STRICT;
CREATE UNIQUE INDEX foreign_calendar_name ON foreign_calendar(org, name);
CREATE INDEX foreign_calendar_due ON foreign_calendar(due_at) WHERE due_at IS NOT NULL;

-- What stands in them, a row a month: fifteen for each calendar, however much is in it. A row for each event would be two
-- thousand to write whenever one of them moves, and hundreds to read for a month; this is one, and one.
CREATE TABLE foreign_month (
  org TEXT NOT NULL REFERENCES organisation(id),
  month TEXT NOT NULL,                  -- of the organisation's calendar, 2026-11
  calendar TEXT NOT NULL,
  happenings TEXT NOT NULL,             -- domain::ics::read::Happening, a list
  PRIMARY KEY (org, month, calendar)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER pulse_of_new_foreign_month AFTER INSERT ON foreign_month BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_foreign_month AFTER UPDATE ON foreign_month BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_gone_foreign_month AFTER DELETE ON foreign_month BEGIN
  INSERT INTO pulse (org, beats) VALUES (OLD.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_foreign_name AFTER UPDATE OF name ON foreign_calendar WHEN OLD.name IS NOT NEW.name BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
