-- Thumbnails of pictures, made by the browser that brought them, and what those look like (`domain::look`). Shown in the desk
-- only, and never believed: what is approved and goes out is the picture.
CREATE TABLE thumbnail (
  org TEXT NOT NULL,
  media TEXT NOT NULL,                  -- media.id; its object stands beside the picture's
  hash TEXT NOT NULL,                   -- SHA-256 of its bytes
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  look INTEGER,                         -- 64 bits; none where there is no shape, and of a cut
  added_at INTEGER NOT NULL,
  PRIMARY KEY (org, media)
) STRICT, WITHOUT ROWID;
-- The four bands of 16 bits of a look: whatever differs in at most three bits is found by one of them, without reading the rest.
CREATE INDEX thumbnail_band_0 ON thumbnail(org, look & 65535, added_at) WHERE look IS NOT NULL;
CREATE INDEX thumbnail_band_1 ON thumbnail(org, (look >> 16) & 65535, added_at) WHERE look IS NOT NULL;
CREATE INDEX thumbnail_band_2 ON thumbnail(org, (look >> 32) & 65535, added_at) WHERE look IS NOT NULL;
CREATE INDEX thumbnail_band_3 ON thumbnail(org, (look >> 48) & 65535, added_at) WHERE look IS NOT NULL;

-- What was deleted from the library: until the sweep has erased its objects, and as long as consents are kept for it. A row says
-- that nothing may name it any more, also who read it a moment before.
CREATE TABLE asset_gone (
  org TEXT NOT NULL REFERENCES organisation(id),
  media TEXT NOT NULL,
  root TEXT NOT NULL,                   -- itself, or what it was cut from, of which the consents are
  hash TEXT NOT NULL,                   -- where the same bytes come back, what was consented to comes back with them
  video INTEGER NOT NULL,               -- 1: it is one
  at INTEGER NOT NULL,
  erased INTEGER NOT NULL DEFAULT 0,    -- 1: its objects are
  PRIMARY KEY (org, media)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_gone_by_hash ON asset_gone(org, hash);
CREATE INDEX asset_gone_waiting ON asset_gone(at) WHERE erased = 0;

-- What else names stored pictures and videos, besides what posts have now (`media_use`): what was submitted, as long as the next
-- round is compared with it, and comments. By triggers, as there.
CREATE TABLE media_named (
  org TEXT NOT NULL,
  media TEXT NOT NULL,
  post TEXT NOT NULL,
  place TEXT NOT NULL,                  -- the number of the round, or comment.id
  PRIMARY KEY (org, media, post, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_named_in ON media_named(org, post, place);

CREATE TRIGGER named_by_submission AFTER INSERT ON submission BEGIN
  INSERT OR IGNORE INTO media_named (org, media, post, place)
    SELECT NEW.org, j.value ->> '$.media', NEW.post, NEW.round FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, NEW.content ->> '$.video.media', NEW.post, NEW.round
      WHERE NEW.content ->> '$.video.media' IS NOT NULL;
END;
CREATE TRIGGER named_no_more_by_submission AFTER DELETE ON submission BEGIN
  DELETE FROM media_named WHERE org = OLD.org AND post = OLD.post AND place = CAST(OLD.round AS TEXT);
END;
CREATE TRIGGER named_by_comment AFTER INSERT ON comment WHEN json_array_length(NEW.data, '$.attached') > 0 BEGIN
  INSERT OR IGNORE INTO media_named (org, media, post, place)
    SELECT NEW.org, j.value, NEW.post, NEW.id FROM json_each(NEW.data, '$.attached') j;
END;
-- What is attached never changes; a comment that is taken away shows it no more.
CREATE TRIGGER named_no_more_by_comment AFTER UPDATE OF data ON comment
  WHEN NEW.data ->> '$.deleted' IS NOT NULL AND json_array_length(NEW.data, '$.attached') > 0 BEGIN
  DELETE FROM media_named WHERE org = NEW.org AND post = NEW.post AND place = NEW.id;
END;

-- Somebody may place a picture in a draft while somebody else deletes it: whoever comes second is refused. The engine knows the
-- message (`store::StoreError`).
CREATE TRIGGER gone_is_not_used BEFORE INSERT ON media_use
  WHEN EXISTS (SELECT 1 FROM asset_gone WHERE org = NEW.org AND media = NEW.media) BEGIN
  SELECT RAISE(ABORT, 'asset_gone');
END;
CREATE TRIGGER gone_is_not_named BEFORE INSERT ON media_named
  WHEN EXISTS (SELECT 1 FROM asset_gone WHERE org = NEW.org AND media = NEW.media) BEGIN
  SELECT RAISE(ABORT, 'asset_gone');
END;
CREATE TRIGGER gone_is_no_crest BEFORE UPDATE OF crest ON organisation
  WHEN NEW.crest IS NOT NULL AND EXISTS (SELECT 1 FROM asset_gone WHERE org = NEW.id AND media = NEW.crest) BEGIN
  SELECT RAISE(ABORT, 'asset_gone');
END;

-- What is there already.
INSERT OR IGNORE INTO media_named (org, media, post, place)
  SELECT s.org, j.value ->> '$.media', s.post, s.round FROM submission s, json_each(s.content, '$.pictures') j;
INSERT OR IGNORE INTO media_named (org, media, post, place)
  SELECT org, content ->> '$.video.media', post, round FROM submission WHERE content ->> '$.video.media' IS NOT NULL;
INSERT OR IGNORE INTO media_named (org, media, post, place)
  SELECT c.org, j.value, c.post, c.id FROM comment c, json_each(c.data, '$.attached') j
  WHERE c.data ->> '$.deleted' IS NULL;
