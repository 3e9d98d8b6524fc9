-- Decisions that were confirmed with a code by mail: what the organisation attests instead of a signature.
ALTER TABLE decision ADD COLUMN attested TEXT; -- JSON: {statement, mailbox, asked_at, party}

-- A code that was sent to confirm one statement. One at a time for a person and a post: asking again takes the one before
-- away. It goes with the decision, or with its ten minutes.
CREATE TABLE decision_code (
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  person TEXT NOT NULL,                 -- a member, or an address outside
  round INTEGER NOT NULL,
  statement TEXT NOT NULL,              -- canonical: it carries the round, the person and the single-use number
  choice TEXT NOT NULL,                 -- JSON of domain::Choice
  code_hash TEXT NOT NULL,              -- over the statement and the digits
  mailbox TEXT NOT NULL,                -- masked
  party TEXT NOT NULL,                  -- JSON: the site on which it was asked for
  asked_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, post, person)
) STRICT;
CREATE INDEX decision_code_by_end ON decision_code(expires_at);

-- Links for approvers outside: one for a person in a round. Each mail carries a secret of its own; all of them lead to
-- the one link, so that a reminder does not shut the door of the first mail.
CREATE TABLE outside_link (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  post TEXT NOT NULL REFERENCES post(id),
  round INTEGER NOT NULL,
  step TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  mailbox TEXT NOT NULL,
  language TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  times INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  opened_at INTEGER,                    -- with a code: whoever only follows a link has not opened it
  decided_at INTEGER,
  revoked_at INTEGER,
  UNIQUE (org, post, round, mailbox)
) STRICT;
CREATE INDEX outside_link_by_end ON outside_link(expires_at);

CREATE TABLE outside_token (
  token_hash TEXT PRIMARY KEY,          -- SHA-256 of the link's 256 random bits
  org TEXT NOT NULL,
  link TEXT NOT NULL REFERENCES outside_link(id)
) STRICT;
CREATE INDEX outside_token_by_link ON outside_token(org, link);

-- The code that opens a link, one at a time.
CREATE TABLE outside_code (
  link TEXT PRIMARY KEY REFERENCES outside_link(id),
  org TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Whoever came in: no member's session, and good for one link.
CREATE TABLE outside_session (
  token_hash TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  link TEXT NOT NULL REFERENCES outside_link(id),
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outside_session_by_link ON outside_session(org, link);
CREATE INDEX outside_session_by_end ON outside_session(ends_at);
