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

-- Which posts have which documents, the triggers of 0053 see.

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
