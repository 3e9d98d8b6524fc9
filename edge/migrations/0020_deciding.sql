-- The numbers that a member was given for what waits for them: one an item, given again until it is taken, or too old to
-- be worth taking along. Its fate (taken or not) is the challenge's. In plain: without the passkey it signs nothing.
CREATE TABLE offer (
  org TEXT NOT NULL,
  member TEXT NOT NULL,
  post TEXT NOT NULL,
  step TEXT NOT NULL,
  round INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  nonce TEXT NOT NULL,
  challenge TEXT NOT NULL,              -- challenge.id
  drawn_at INTEGER NOT NULL,
  PRIMARY KEY (org, member, post)
) STRICT;
CREATE INDEX offer_by_age ON offer(drawn_at);

-- What the last two rounds were about: the later one shows what changed.
ALTER TABLE post ADD COLUMN submitted TEXT; -- JSON of domain::Content
ALTER TABLE post ADD COLUMN before TEXT;    -- JSON of domain::Content
UPDATE post SET submitted = content WHERE stage = 'in_review';
