-- An organisation that is filled from a copy of another deployment, until all of it is there. While a row stands here the
-- organisation is paused, and nothing of what came is acted on.
CREATE TABLE arrival (
  org TEXT PRIMARY KEY REFERENCES organisation(id),
  manifest TEXT NOT NULL,               -- JSON of domain::copy::Manifest
  digest TEXT NOT NULL,                 -- SHA-256 of it: the same copy goes on, another one is refused
  noticeboard TEXT NOT NULL,            -- the channel that was here: the copy brings its own
  members TEXT NOT NULL,                -- JSON: those who were here
  head TEXT,                            -- JSON of domain::copy::Head: where the record stood that is chained anew behind the copy's
  by TEXT NOT NULL,
  began_at INTEGER NOT NULL
) STRICT;

-- Who is matched to a member of the copy is that member from then on; a device keeps its passkey under the identity of before.
ALTER TABLE passkey ADD COLUMN handle TEXT;
