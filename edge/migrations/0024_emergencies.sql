-- Publications in an emergency. What a list filters or the clock looks for stands in a column of its own; the rest is
-- the rules' value. Kept as long as the post: it is why the post went out.
CREATE TABLE emergency (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  post TEXT NOT NULL,
  state TEXT NOT NULL,                  -- asked: waits for a second; owing: out, to be ratified; over: nothing is owed
  data TEXT NOT NULL,                   -- JSON of domain::emergency::Emergency
  signed TEXT NOT NULL,                 -- JSON: [{said, kept: {statement, assertion, passkey, party}}]
  due_at INTEGER,                       -- when it will be too late; NULL once that was said, or nothing is owed
  asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX emergency_of_post ON emergency(org, post, asked_at);
CREATE INDEX emergency_open ON emergency(org, asked_at) WHERE state <> 'over';
CREATE INDEX emergency_due ON emergency(due_at) WHERE due_at IS NOT NULL;
