-- What others do moves the desks that show it and no calendar program: a subscribed calendar has nothing of theirs, and its tag is
-- made of `beats` alone. So theirs are counted beside it, in the same row: a desk asks for the sum.
ALTER TABLE pulse ADD COLUMN others INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER pulse_of_new_foreign_month;
DROP TRIGGER pulse_of_foreign_month;
DROP TRIGGER pulse_of_gone_foreign_month;
DROP TRIGGER pulse_of_foreign_name;
CREATE TRIGGER pulse_of_new_foreign_month AFTER INSERT ON foreign_month BEGIN
  INSERT INTO pulse (org, beats, others) VALUES (NEW.org, 0, 1) ON CONFLICT (org) DO UPDATE SET others = others + 1;
END;
CREATE TRIGGER pulse_of_foreign_month AFTER UPDATE ON foreign_month BEGIN
  INSERT INTO pulse (org, beats, others) VALUES (NEW.org, 0, 1) ON CONFLICT (org) DO UPDATE SET others = others + 1;
END;
CREATE TRIGGER pulse_of_gone_foreign_month AFTER DELETE ON foreign_month BEGIN
  INSERT INTO pulse (org, beats, others) VALUES (OLD.org, 0, 1) ON CONFLICT (org) DO UPDATE SET others = others + 1;
END;
CREATE TRIGGER pulse_of_foreign_name AFTER UPDATE OF name ON foreign_calendar WHEN OLD.name IS NOT NEW.name BEGIN
  INSERT INTO pulse (org, beats, others) VALUES (NEW.org, 0, 1) ON CONFLICT (org) DO UPDATE SET others = others + 1;
END;
