-- Which members answer for the account behind a channel (`domain::custody`). A row stays when its member leaves: it is what
-- has to be handed over.
CREATE TABLE custody (
  org TEXT NOT NULL REFERENCES organisation(id),
  channel TEXT NOT NULL REFERENCES channel(id),
  member TEXT NOT NULL REFERENCES member(id),
  since INTEGER NOT NULL,
  by TEXT,                              -- who named them; NULL: they connected it
  PRIMARY KEY (org, channel, member)
) STRICT, WITHOUT ROWID;

-- Who gave the access that a channel has now, which is not always who made the channel.
ALTER TABLE channel ADD COLUMN connected_at INTEGER;
ALTER TABLE channel ADD COLUMN connected_by TEXT;
UPDATE channel SET connected_at = created_at, connected_by = created_by;
UPDATE channel SET (connected_at, connected_by) = (
    SELECT r.at, COALESCE(r.body ->> '$.by', created_by) FROM record r
    WHERE r.org = channel.org AND r.channel = channel.id AND r.seq IS NOT NULL AND r.subject = 'channel'
      AND r.body ->> '$.change' = 'connected_again' ORDER BY r.at DESC LIMIT 1)
  WHERE EXISTS (SELECT 1 FROM record r
    WHERE r.org = channel.org AND r.channel = channel.id AND r.seq IS NOT NULL AND r.subject = 'channel'
      AND r.body ->> '$.change' = 'connected_again');

-- Whoever connected a channel is the first to answer for it, if they are still there.
INSERT INTO custody (org, channel, member, since, by)
  SELECT c.org, c.id, m.id, c.connected_at, NULL FROM channel c
    JOIN member m ON m.org = c.org AND m.id = c.connected_by AND m.removed_at IS NULL
  WHERE c.network <> 'noticeboard';

-- When a channel last spoke, and after how many days its silence is told (`domain::silence`): NULL as is usual on its
-- network, 0 never. By a trigger: what goes out is proven in several places, and one that forgot would call a channel
-- silent that is not.
ALTER TABLE channel ADD COLUMN published_at INTEGER;
ALTER TABLE channel ADD COLUMN patience INTEGER;
UPDATE channel SET published_at = spoke.at
  FROM (SELECT org, channel, MAX(COALESCE(data ->> '$.receipt.at', due_at)) AS at FROM act
        WHERE state = 'done' AND deed = 'create' GROUP BY org, channel) AS spoke
  WHERE spoke.org = channel.org AND spoke.channel = channel.id;
CREATE TRIGGER voice_of_act AFTER UPDATE OF state ON act
  WHEN NEW.state = 'done' AND OLD.state IS NOT NEW.state AND NEW.deed = 'create' BEGIN
  UPDATE channel SET published_at = MAX(COALESCE(published_at, 0), COALESCE(NEW.data ->> '$.receipt.at', NEW.due_at))
    WHERE org = NEW.org AND id = NEW.channel;
END;
CREATE TRIGGER voice_of_new_act AFTER INSERT ON act WHEN NEW.state = 'done' AND NEW.deed = 'create' BEGIN
  UPDATE channel SET published_at = MAX(COALESCE(published_at, 0), COALESCE(NEW.data ->> '$.receipt.at', NEW.due_at))
    WHERE org = NEW.org AND id = NEW.channel;
END;
