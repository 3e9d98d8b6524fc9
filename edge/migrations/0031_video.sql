-- Videos: brought in parts, each an object of the bucket under its own hash, so that what was verified once is what is read.
CREATE TABLE video (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  hash TEXT,                            -- domain::video::identity; both NULL until it is ended
  facts TEXT                            -- JSON of domain::video::Facts
) STRICT;
CREATE UNIQUE INDEX video_by_hash ON video(org, hash) WHERE hash IS NOT NULL;
CREATE INDEX video_of_org ON video(org, by, created_at);
CREATE INDEX video_coming ON video(created_at) WHERE hash IS NULL;

CREATE TABLE video_part (
  org TEXT NOT NULL,
  video TEXT NOT NULL REFERENCES video(id),
  place INTEGER NOT NULL,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (video, place)
) STRICT, WITHOUT ROWID;
