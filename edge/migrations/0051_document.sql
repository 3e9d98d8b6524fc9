-- Documents: an object of the bucket each, under its own hash. Not in the library: a document is of one matter, and what no post has
-- is swept.
CREATE TABLE document (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  hash TEXT NOT NULL,                   -- SHA-256 of its bytes
  by TEXT NOT NULL,
  brought_at INTEGER NOT NULL,          -- last
  scan TEXT NOT NULL,                   -- JSON of domain::document::Scan: how far it is looked through
  facts TEXT                            -- JSON of domain::document::Facts; NULL until it is
) STRICT;
CREATE UNIQUE INDEX document_by_hash ON document(org, hash);
CREATE INDEX document_brought ON document(brought_at);
CREATE INDEX document_kept ON document(org, bytes);

-- Which posts have which documents: the triggers of pictures and videos, with one more of each.
DROP TRIGGER use_of_new_post;
CREATE TRIGGER use_of_new_post AFTER INSERT ON post BEGIN
  INSERT OR IGNORE INTO media_use (org, media, post)
    SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, NEW.content ->> '$.video.media', NEW.id WHERE NEW.content ->> '$.video.media' IS NOT NULL
    UNION ALL SELECT NEW.org, NEW.content ->> '$.document.media', NEW.id WHERE NEW.content ->> '$.document.media' IS NOT NULL
    UNION ALL SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.org, NEW.stage_data ->> '$.correction.content.video.media', NEW.id
      WHERE NEW.stage_data ->> '$.correction.content.video.media' IS NOT NULL
    UNION ALL SELECT NEW.org, NEW.stage_data ->> '$.correction.content.document.media', NEW.id
      WHERE NEW.stage_data ->> '$.correction.content.document.media' IS NOT NULL;
END;
DROP TRIGGER use_of_post;
CREATE TRIGGER use_of_post AFTER UPDATE OF content, stage_data ON post
  WHEN NEW.content IS NOT OLD.content OR NEW.correcting IS NOT OLD.correcting OR NEW.correcting = 1 BEGIN
  DELETE FROM media_use WHERE NEW.stage <> 'out' AND org = NEW.org AND post = NEW.id AND media NOT IN (
    SELECT j.value ->> '$.media' FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.content ->> '$.video.media' WHERE NEW.content ->> '$.video.media' IS NOT NULL
    UNION ALL SELECT NEW.content ->> '$.document.media' WHERE NEW.content ->> '$.document.media' IS NOT NULL
    UNION ALL SELECT j.value ->> '$.media' FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.stage_data ->> '$.correction.content.video.media'
      WHERE NEW.stage_data ->> '$.correction.content.video.media' IS NOT NULL
    UNION ALL SELECT NEW.stage_data ->> '$.correction.content.document.media'
      WHERE NEW.stage_data ->> '$.correction.content.document.media' IS NOT NULL);
  INSERT OR IGNORE INTO media_use (org, media, post)
    SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, NEW.content ->> '$.video.media', NEW.id WHERE NEW.content ->> '$.video.media' IS NOT NULL
    UNION ALL SELECT NEW.org, NEW.content ->> '$.document.media', NEW.id WHERE NEW.content ->> '$.document.media' IS NOT NULL
    UNION ALL SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.org, NEW.stage_data ->> '$.correction.content.video.media', NEW.id
      WHERE NEW.stage_data ->> '$.correction.content.video.media' IS NOT NULL
    UNION ALL SELECT NEW.org, NEW.stage_data ->> '$.correction.content.document.media', NEW.id
      WHERE NEW.stage_data ->> '$.correction.content.document.media' IS NOT NULL;
END;
DROP TRIGGER named_by_submission;
CREATE TRIGGER named_by_submission AFTER INSERT ON submission BEGIN
  INSERT OR IGNORE INTO media_named (org, media, post, place)
    SELECT NEW.org, j.value ->> '$.media', NEW.post, NEW.round FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, NEW.content ->> '$.video.media', NEW.post, NEW.round
      WHERE NEW.content ->> '$.video.media' IS NOT NULL
    UNION ALL SELECT NEW.org, NEW.content ->> '$.document.media', NEW.post, NEW.round
      WHERE NEW.content ->> '$.document.media' IS NOT NULL;
END;

-- What is to be pinned once it is out (`domain::pin`): a step of its own behind the act that made it visible, whose failure leaves
-- that as it is.
CREATE TABLE pin (
  org TEXT NOT NULL,
  publication TEXT NOT NULL,
  channel TEXT NOT NULL,
  message TEXT NOT NULL,                -- what the network calls what is out
  state TEXT NOT NULL,                  -- domain::pin::State
  tried INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,                       -- when it is tried (again); NULL where nothing more is
  said TEXT NOT NULL DEFAULT '',        -- what the network said last, where it said no
  PRIMARY KEY (org, publication)
) STRICT, WITHOUT ROWID;
CREATE INDEX pin_due ON pin(due_at) WHERE due_at IS NOT NULL;
