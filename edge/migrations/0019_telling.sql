-- Telling: what each member was told, how they want to be told, and the devices that listen.
CREATE TABLE told (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  member TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,             -- what is told twice is one row, and one mail under the same key
  kind TEXT NOT NULL,                   -- name of domain::telling::Kind
  post TEXT,
  about TEXT,                           -- the member that it speaks of
  what TEXT NOT NULL DEFAULT '',        -- a task's title, a device's name, a date: what has no row to be read from
  at INTEGER NOT NULL,
  read_at INTEGER,
  ways TEXT NOT NULL,                   -- JSON array of domain::telling::Way: by which it was told
  told_at INTEGER,                      -- when it last was
  raised INTEGER NOT NULL DEFAULT 0,    -- 1: other people were told that it is unread
  tried INTEGER NOT NULL DEFAULT 0,     -- failed pushes in a row
  due_at INTEGER                        -- when somebody must look at it; NULL: never again
) STRICT;
CREATE INDEX told_by_member ON told(org, member, at, id);
CREATE INDEX told_unread ON told(org, member) WHERE read_at IS NULL;
CREATE INDEX told_due ON told(due_at) WHERE due_at IS NOT NULL;
CREATE INDEX told_by_age ON told(at);

-- A member without a row has the default: everything by mail, at once.
CREATE TABLE telling (
  org TEXT NOT NULL,
  member TEXT NOT NULL REFERENCES member(id),
  data TEXT NOT NULL,                   -- JSON of domain::telling::Choices
  at_once TEXT NOT NULL,                -- JSON array of the kinds that are mailed the moment they happen
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (org, member)
) STRICT;

-- A browser takes one subscription, so an address belongs to one member.
CREATE TABLE subscription (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  member TEXT NOT NULL REFERENCES member(id),
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,                 -- the browser's public key, base64url
  auth TEXT NOT NULL,                   -- its shared secret, base64url
  label TEXT NOT NULL,
  lang TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX subscription_by_member ON subscription(org, member);

-- The key that the organisation's pushes are signed with (VAPID); the private half is sealed as the vault seals.
CREATE TABLE push_key (
  org TEXT PRIMARY KEY,
  public TEXT NOT NULL, -- JWK
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
