-- The calendar out of the house. Of a secret only its hash is kept: whoever reads the database opens nothing with it.
CREATE TABLE calendar_feed (
  org TEXT NOT NULL REFERENCES organisation(id),
  member TEXT NOT NULL REFERENCES member(id),
  token_hash TEXT NOT NULL UNIQUE,      -- SHA-256 of the address's 256 random bits
  made_at INTEGER NOT NULL,
  PRIMARY KEY (org, member)
) STRICT;

CREATE TABLE calendar_share (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,                   -- whom it is for
  made_by TEXT NOT NULL REFERENCES member(id),
  channel TEXT,                         -- only what goes there
  campaign TEXT,                        -- only what is of it
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX calendar_share_by_end ON calendar_share(expires_at);

-- When a link was opened: a day and a number, and nothing of who it was.
CREATE TABLE calendar_opening (
  org TEXT NOT NULL,
  share TEXT NOT NULL,
  day TEXT NOT NULL,                    -- a day of the organisation's calendar, 2026-11-28
  times INTEGER NOT NULL,
  PRIMARY KEY (org, share, day)
) STRICT;

-- What was called off stands in a subscribed calendar as called off, at the hour that it had. By a trigger, as the pulse:
-- whoever cancels need not know who looks on.
ALTER TABLE post ADD COLUMN was_at INTEGER;
CREATE INDEX post_was ON post(org, was_at) WHERE was_at IS NOT NULL;
CREATE TRIGGER post_keeps_its_hour AFTER UPDATE OF stage ON post WHEN NEW.stage = 'cancelled' AND OLD.slot_at IS NOT NULL BEGIN
  UPDATE post SET was_at = OLD.slot_at WHERE org = NEW.org AND id = NEW.id;
END;

-- The sweep takes away the marks of every organisation by their last day.
CREATE INDEX mark_over ON mark(last_day);

-- When a mark last changed; of those of before nobody knows any more.
ALTER TABLE mark ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
