-- How much a network lets through (`domain::budget`), where its answers say that it is near its end: of an account (`whose` is
-- the channel) or of the organisation's developer app at a network (`app:` and its name). A row is written only then, and is
-- taken from with each publication; what is over is swept.
CREATE TABLE allowance (
  org TEXT NOT NULL,
  whose TEXT NOT NULL,
  remaining INTEGER NOT NULL,           -- so many may go until `until_at`
  until_at INTEGER NOT NULL,
  quantity INTEGER NOT NULL,            -- and so many in each span from then on
  span INTEGER NOT NULL,
  PRIMARY KEY (org, whose)
) STRICT, WITHOUT ROWID;

-- Why an act waits that was due: JSON of domain::budget::Waits. NULL for all others.
ALTER TABLE act ADD COLUMN waits TEXT;
CREATE INDEX act_waits ON act(channel) WHERE waits IS NOT NULL;
