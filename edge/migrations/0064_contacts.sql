-- The book of who is mentioned: one name, and its account on each network. A content carries the accounts of whom it names, so
-- that nothing that was agreed to changes with the book.
CREATE TABLE contact (
  org TEXT NOT NULL REFERENCES organisation(id),
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  body TEXT NOT NULL,                   -- JSON: domain::contacts::Entry
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE UNIQUE INDEX contact_name ON contact(org, name);
