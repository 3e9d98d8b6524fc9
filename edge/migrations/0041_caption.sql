-- Captions of videos, as clean WebVTT. Named by their own words: a content names the hash, and what was approved cannot change.
-- In the database and not in the bucket, because they are text of a few kilobytes that pages read beside their rows.
CREATE TABLE caption (
  org TEXT NOT NULL,
  hash TEXT NOT NULL,                   -- SHA-256 of vtt
  vtt TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  ends INTEGER NOT NULL,                -- when the last word goes, in milliseconds: a shorter video has no use for them
  by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org, hash)
) STRICT;
-- What an organisation keeps is summed without reading a word.
CREATE INDEX caption_of_org ON caption(org, bytes);
