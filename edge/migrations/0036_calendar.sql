-- What stands in the calendar besides posts, and how often anything in it has changed.
CREATE TABLE mark (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,                   -- domain::mark::MarkKind
  text TEXT NOT NULL,
  first_day TEXT NOT NULL,              -- a day of the organisation's calendar, 2026-11-28
  last_day TEXT NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
-- By the last day: what is over long ago is not read, however much of it there is.
CREATE INDEX mark_by_end ON mark(org, last_day, first_day);

-- A desk that shows the calendar asks for this one row, and for the calendar only when it has moved. By triggers: an act
-- that forgot to count would leave a colleague before what is no longer so, and no test would see which act it was.
CREATE TABLE pulse (
  org TEXT PRIMARY KEY REFERENCES organisation(id),
  beats INTEGER NOT NULL
) STRICT;
CREATE TRIGGER pulse_of_new_post AFTER INSERT ON post BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_post AFTER UPDATE OF heading, kind, stage, slot_at, destinations, plan, correcting, campaign, pillar ON post BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_act AFTER UPDATE OF state ON act WHEN OLD.state IS NOT NEW.state BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_new_mark AFTER INSERT ON mark BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_mark AFTER UPDATE ON mark BEGIN
  INSERT INTO pulse (org, beats) VALUES (NEW.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
CREATE TRIGGER pulse_of_gone_mark AFTER DELETE ON mark BEGIN
  INSERT INTO pulse (org, beats) VALUES (OLD.org, 1) ON CONFLICT (org) DO UPDATE SET beats = beats + 1;
END;
