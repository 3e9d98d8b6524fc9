-- How an organisation agrees: one value, so that a round is always judged by rules that were in force together. An
-- organisation without a row has the usual circuit. Every change stands in the record.
CREATE TABLE bylaws (
  org TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  data TEXT NOT NULL,                   -- JSON of domain::Bylaws
  changed_at INTEGER NOT NULL
) STRICT;

-- What was known of a post when it was last submitted, and the circuit that it went through: to try new rules on.
ALTER TABLE post ADD COLUMN facts TEXT; -- JSON of domain::circuit::choice::Past
CREATE INDEX post_past ON post(org, changed_at) WHERE facts IS NOT NULL;
