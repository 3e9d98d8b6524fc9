-- The library: what is said of each stored picture and video, by which words it is found, where it is used, and what the
-- people who are seen in it consented to (`domain::library`, `domain::consent`).
CREATE TABLE asset (
  org TEXT NOT NULL REFERENCES organisation(id),
  media TEXT NOT NULL,                  -- media.id or video.id
  kind TEXT NOT NULL,                   -- picture, video
  version INTEGER NOT NULL,             -- counts the changes of what is said, and of the consents
  name TEXT NOT NULL,
  said TEXT NOT NULL,                   -- JSON of domain::library::Said
  shows TEXT NOT NULL,                  -- as in `said`: what is asked at every check of a post
  until TEXT,                           -- as in `said`: the last day of the licence
  made_of TEXT,                         -- the asset that it was cut from; what is known of that one holds for it
  by TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (org, media)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_newest ON asset(org, added_at, media) WHERE made_of IS NULL;
CREATE INDEX asset_until ON asset(org, until, media) WHERE until IS NOT NULL AND made_of IS NULL;
CREATE INDEX asset_cut ON asset(org, made_of) WHERE made_of IS NOT NULL;

-- Words and marks, folded. An own index and no FTS5: a database with a virtual table cannot be exported, and one full-text
-- index over two hundred towns would look through all of them for each.
CREATE TABLE asset_word (
  org TEXT NOT NULL,
  word TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  media TEXT NOT NULL,
  PRIMARY KEY (org, word, added_at, media)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_word_of ON asset_word(org, media, word);

CREATE TABLE consent (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  media TEXT NOT NULL,
  version INTEGER NOT NULL,
  who TEXT NOT NULL,
  age TEXT NOT NULL,                    -- domain::consent::Age
  giver TEXT NOT NULL,                  -- domain::consent::Giver
  scope TEXT NOT NULL,                  -- domain::consent::Scope
  campaign TEXT,
  first_day TEXT NOT NULL,              -- days of the organisation's calendar, 2026-11-28
  last_day TEXT NOT NULL,
  proof TEXT NOT NULL,
  withdrawn_at INTEGER,
  by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, media, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX consent_id ON consent(org, id);
CREATE INDEX consent_over ON consent(last_day);
CREATE INDEX consent_withdrawn ON consent(withdrawn_at) WHERE withdrawn_at IS NOT NULL;

-- Which posts have which pictures, those of a correction that waits too. By triggers: a post is written in several places, and
-- one that forgot would let out what somebody took back.
CREATE TABLE media_use (
  org TEXT NOT NULL,
  media TEXT NOT NULL,
  post TEXT NOT NULL,
  PRIMARY KEY (org, media, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_use_of_post ON media_use(org, post);

CREATE TRIGGER use_of_new_post AFTER INSERT ON post BEGIN
  INSERT OR IGNORE INTO media_use (org, media, post)
    SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, NEW.content ->> '$.video.media', NEW.id WHERE NEW.content ->> '$.video.media' IS NOT NULL
    UNION ALL SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.org, NEW.stage_data ->> '$.correction.content.video.media', NEW.id
      WHERE NEW.stage_data ->> '$.correction.content.video.media' IS NOT NULL;
END;
-- What a post no longer has goes first, what it has stays as it is: who writes on a text writes nothing here. What was out once
-- may still be so on a network that corrects nothing.
CREATE TRIGGER use_of_post AFTER UPDATE OF content, stage_data ON post
  WHEN NEW.content IS NOT OLD.content OR NEW.correcting IS NOT OLD.correcting OR NEW.correcting = 1 BEGIN
  DELETE FROM media_use WHERE NEW.stage <> 'out' AND org = NEW.org AND post = NEW.id AND media NOT IN (
    SELECT j.value ->> '$.media' FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.content ->> '$.video.media' WHERE NEW.content ->> '$.video.media' IS NOT NULL
    UNION ALL SELECT j.value ->> '$.media' FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.stage_data ->> '$.correction.content.video.media'
      WHERE NEW.stage_data ->> '$.correction.content.video.media' IS NOT NULL);
  INSERT OR IGNORE INTO media_use (org, media, post)
    SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, NEW.content ->> '$.video.media', NEW.id WHERE NEW.content ->> '$.video.media' IS NOT NULL
    UNION ALL SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.org, NEW.stage_data ->> '$.correction.content.video.media', NEW.id
      WHERE NEW.stage_data ->> '$.correction.content.video.media' IS NOT NULL;
END;

-- Somebody who is seen took their word back while it waited or was on its way: only a person who is asked anew lets it out.
ALTER TABLE act ADD COLUMN barred INTEGER NOT NULL DEFAULT 0;

-- What the library held back when an emergency was asked for, as fingerprints of findings: whoever gives the second word lets out
-- no more than that.
ALTER TABLE emergency ADD COLUMN rights TEXT NOT NULL DEFAULT '[]';

-- Where what is stored already is used, in a correction that waits too.
INSERT OR IGNORE INTO media_use (org, media, post)
  SELECT p.org, j.value ->> '$.media', p.id FROM post p, json_each(p.content, '$.pictures') j;
INSERT OR IGNORE INTO media_use (org, media, post)
  SELECT org, content ->> '$.video.media', id FROM post WHERE content ->> '$.video.media' IS NOT NULL;
INSERT OR IGNORE INTO media_use (org, media, post)
  SELECT p.org, j.value ->> '$.media', p.id FROM post p, json_each(p.stage_data, '$.correction.content.pictures') j;
INSERT OR IGNORE INTO media_use (org, media, post)
  SELECT org, stage_data ->> '$.correction.content.video.media', id FROM post
  WHERE stage_data ->> '$.correction.content.video.media' IS NOT NULL;

-- What is stored already, but for what stands in comments only: those are talk among colleagues, and nobody brought them here.
INSERT INTO asset (org, media, kind, version, name, said, shows, until, made_of, by, added_at)
  SELECT org, id, 'picture', 1, COALESCE(NULLIF(name, ''), id),
    json_object('name', COALESCE(NULLIF(name, ''), id), 'alt', json_object(), 'tags', json_array(), 'folder', '',
      'author', '', 'licence', 'unsaid', 'note', '', 'shows', 'unsaid'), 'unsaid', NULL, NULL, by, created_at FROM media
  WHERE id IN (SELECT media FROM media_use)
    OR id NOT IN (SELECT j.value FROM comment c, json_each(c.data, '$.attached') j);
INSERT INTO asset (org, media, kind, version, name, said, shows, until, made_of, by, added_at)
  SELECT org, id, 'video', 1, COALESCE(NULLIF(name, ''), id),
    json_object('name', COALESCE(NULLIF(name, ''), id), 'alt', json_object(), 'tags', json_array(), 'folder', '',
      'author', '', 'licence', 'unsaid', 'note', '', 'shows', 'unsaid'), 'unsaid', NULL, NULL, by, created_at FROM video
  WHERE hash IS NOT NULL;
-- The words of its name, folded as far as SQLite can: small letters, Spanish ones without their accents, every sign a gap. What
-- is said of it anew is read anew.
INSERT OR IGNORE INTO asset_word (org, word, added_at, media)
  WITH RECURSIVE
    turned(place, sign, plain) AS (SELECT key + 1, value ->> 0, value ->> 1 FROM json_each('[["á","a"],["Á","a"],["à","a"],["À","a"],["é","e"],["É","e"],["è","e"],["È","e"],["í","i"],["Í","i"],["ó","o"],["Ó","o"],["ò","o"],["Ò","o"],["ú","u"],["Ú","u"],["ü","u"],["Ü","u"],["ñ","n"],["Ñ","n"],["ç","c"],["Ç","c"],["."," "],["_"," "],["-"," "],[","," "],[":"," "],["+"," "],["("," "],[")"," "],["["," "],["]"," "],["{"," "],["}"," "],["#"," "],["/"," "],["!"," "],["&"," "],["@"," "],["~"," "],["%"," "],["="," "],["·"," "],["''"," "],["\u0301",""],["\u0303",""],["\u0308",""]]')),
    folded(org, media, added_at, name, place) AS (
      SELECT org, media, added_at, lower(name), 1 FROM asset
      UNION ALL SELECT f.org, f.media, f.added_at, replace(f.name, t.sign, t.plain), f.place + 1
        FROM folded f JOIN turned t ON t.place = f.place),
    cut(org, media, added_at, word, rest) AS (
      SELECT org, media, added_at, '', name || ' ' FROM folded WHERE place > (SELECT MAX(place) FROM turned)
      UNION ALL SELECT org, media, added_at, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
        FROM cut WHERE rest <> '')
  SELECT org, substr(word, 1, 32), added_at, media FROM cut WHERE length(word) > 1;
INSERT OR IGNORE INTO asset_word (org, word, added_at, media) SELECT org, '!alt', added_at, media FROM asset;
