-- The earlier contents of a post (`domain::history`): each that was submitted, and of those that were only written the ones that
-- had come to rest when they were overwritten. Nothing here is named for `asset_gone`: what an old content shows may be deleted, and
-- is left out when it is brought back.
CREATE TABLE revision (
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  version INTEGER NOT NULL,             -- that the post had with it
  round INTEGER,                        -- in which it was submitted; none where it was only written
  by TEXT NOT NULL,                     -- who wrote it, or submitted it
  at INTEGER NOT NULL,
  hash TEXT NOT NULL,                   -- of the content
  content TEXT NOT NULL,                -- JSON of domain::Content
  PRIMARY KEY (org, post, version)
) STRICT, WITHOUT ROWID;
-- By what the sweep looks for: what is kept longer is not read each day with what is not.
CREATE INDEX revision_written ON revision(at) WHERE round IS NULL;
CREATE INDEX revision_submitted ON revision(at) WHERE round IS NOT NULL;

-- Who wrote what the post says now, and when: whoever plans or agrees changes the post as well, and wrote nothing of it. None until
-- somebody writes in it, also of a post of before, of which nobody knows: then it is its author's, of when it was created.
ALTER TABLE post ADD COLUMN written_by TEXT;
ALTER TABLE post ADD COLUMN written_at INTEGER;

-- What is known of before: the last two rounds of each post.
INSERT INTO revision (org, post, version, round, by, at, hash, content)
  SELECT s.org, s.post, p.version - 1 - (p.rounds - s.round), s.round, s.by, s.at, '', s.content
  FROM submission s JOIN post p ON p.id = s.post AND p.org = s.org;
