-- Prepared texts: templates with blanks, standard replies, and what the house's own people propose.
CREATE TABLE template (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  body TEXT NOT NULL,                   -- JSON: domain::template::Body
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE UNIQUE INDEX template_name ON template(org, name);

CREATE TABLE reply (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  heading TEXT NOT NULL,                -- its situation, folded: the order of the library
  searched TEXT NOT NULL,               -- all that is looked through, folded
  body TEXT NOT NULL,                   -- JSON: domain::reply::Body
  hands TEXT NOT NULL,                  -- JSON: who wrote in it since it was last agreed to
  agreed_by TEXT,
  agreed_at INTEGER,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX reply_order ON reply(org, heading, id);

-- Of a secret only its hash is kept: whoever reads the database proposes nothing with it.
CREATE TABLE proposal_link (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,      -- SHA-256 of the address's 256 random bits
  name TEXT NOT NULL,                   -- whom it was given to
  made_by TEXT NOT NULL REFERENCES member(id),
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX proposal_link_by_end ON proposal_link(expires_at);

-- What waits, and nothing else: what is taken up, thanked for or discarded has no row any more. The photo is an object of the
-- bucket under the identity that it has as a picture once it is taken up.
CREATE TABLE proposal (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  link TEXT NOT NULL,
  link_name TEXT NOT NULL,              -- as it was called then: the link may be gone
  line TEXT NOT NULL,
  name TEXT,
  email TEXT,
  language TEXT NOT NULL,               -- in which they were spoken to
  media TEXT,
  hash TEXT,
  mime TEXT,
  bytes INTEGER,
  width INTEGER,
  height INTEGER,
  at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX proposal_newest ON proposal(org, at, id);
CREATE INDEX proposal_by_age ON proposal(at);

-- Photos that nothing names: on their way into the bucket, or on their way out of it. Whatever breaks off between the two,
-- a row is left here by which the sweep finds the object.
CREATE TABLE loose_photo (
  org TEXT NOT NULL REFERENCES organisation(id),
  media TEXT NOT NULL,
  at INTEGER NOT NULL,                  -- when it came
  PRIMARY KEY (org, media)
) STRICT;
CREATE INDEX loose_photo_by_age ON loose_photo(at);
