-- The truth (house rule 1). STRICT tables, forward only. Times are epoch milliseconds. `org` stands in every table
-- that belongs to an organisation and in every query on it (house rule 8). JSON columns hold domain types whole;
-- what a query filters or guards on stands in a column of its own.

CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  zone TEXT NOT NULL,
  languages TEXT NOT NULL,              -- JSON array of tags
  colour TEXT NOT NULL,
  crest TEXT,                           -- media id
  policy TEXT NOT NULL,                 -- JSON of domain::Policy
  paused_at INTEGER,
  paused_by TEXT,
  pause_reason TEXT,
  demo INTEGER NOT NULL DEFAULT 0,      -- 1: made by --demo (rehearsal only)
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  name TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  access TEXT NOT NULL,                 -- JSON of domain::Access
  removed_at INTEGER,
  seen_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX member_by_org ON member(org);
CREATE INDEX member_by_email ON member(email) WHERE email IS NOT NULL;

CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  member TEXT NOT NULL REFERENCES member(id),
  credential_id TEXT NOT NULL UNIQUE,   -- base64url
  credential TEXT NOT NULL,             -- the library's own JSON: public key, counter, flags
  label TEXT NOT NULL,
  enrolled_how TEXT NOT NULL,
  enrolled_at INTEGER NOT NULL,
  confirmed_by TEXT,                    -- the member who confirmed the recovery or sent the invitation
  used_at INTEGER,
  removed_at INTEGER
) STRICT;
CREATE INDEX passkey_by_member ON passkey(org, member);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,          -- SHA-256 of the cookie's 256 random bits
  id TEXT NOT NULL UNIQUE,
  org TEXT NOT NULL,
  member TEXT NOT NULL REFERENCES member(id),
  began_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,             -- written at most once every five minutes
  ends_at INTEGER NOT NULL,             -- absolute end
  how TEXT NOT NULL,
  device TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_member ON session(org, member);

CREATE TABLE challenge (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,                  -- the library's state, and the ground of an enrolment
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX challenge_by_end ON challenge(expires_at);

CREATE TABLE invitation (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  access TEXT NOT NULL,
  by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX invitation_by_org ON invitation(org);

CREATE TABLE recovery_code (
  org TEXT NOT NULL,
  member TEXT NOT NULL REFERENCES member(id),
  code_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX recovery_code_by_member ON recovery_code(org, member);

CREATE TABLE recovery (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  member TEXT NOT NULL REFERENCES member(id),
  token_hash TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  confirmed_by TEXT,
  confirmed_at INTEGER,
  ended_at INTEGER                      -- finished or stopped
) STRICT;
CREATE INDEX recovery_by_org ON recovery(org) WHERE ended_at IS NULL;

CREATE TABLE mail_code (
  org TEXT NOT NULL,
  member TEXT NOT NULL REFERENCES member(id),
  code_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER
) STRICT;
CREATE INDEX mail_code_by_member ON mail_code(org, member);

-- Rate limits that must hold: keyed by purpose and a hash of who asks.
CREATE TABLE throttle (
  key TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT;

CREATE TABLE channel (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  network TEXT NOT NULL,
  name TEXT NOT NULL,
  handle TEXT NOT NULL,
  address TEXT,
  languages TEXT NOT NULL,
  limits TEXT NOT NULL,                 -- JSON of domain::Limits
  health TEXT NOT NULL,                 -- name of domain::HealthState: guarded on at the point of no return
  last_success INTEGER,
  expires_at INTEGER,
  last_error TEXT,
  settings TEXT NOT NULL DEFAULT '{}',  -- what the adapter needs and is no secret: server, DID, account id
  created_at INTEGER NOT NULL,
  created_by TEXT
) STRICT;
CREATE INDEX channel_by_org ON channel(org);

-- The vault: AES-256-GCM under `key_id`, associated data = org, channel, kind.
CREATE TABLE secret (
  org TEXT NOT NULL,
  channel TEXT NOT NULL REFERENCES channel(id),
  kind TEXT NOT NULL,
  key_id TEXT NOT NULL,
  nonce TEXT NOT NULL,
  sealed TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,   -- a refresh writes only over the version it read
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org, channel, kind)
) STRICT;

-- A connection that waits for the person to come back from the network.
CREATE TABLE oauth_flow (
  state_hash TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  member TEXT NOT NULL,
  session TEXT NOT NULL,
  server TEXT NOT NULL,
  channel TEXT,                         -- the channel that is connected again
  key_id TEXT NOT NULL,
  nonce TEXT NOT NULL,
  sealed TEXT NOT NULL,                 -- client secret, PKCE verifier
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE media (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  hash TEXT NOT NULL,
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  name TEXT NOT NULL,
  by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (org, hash)
) STRICT;

CREATE TABLE post (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL REFERENCES organisation(id),
  author TEXT NOT NULL,
  version INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  stage TEXT NOT NULL,                  -- name of domain::Stage
  stage_data TEXT NOT NULL,             -- JSON of domain::Stage
  content TEXT NOT NULL,                -- JSON of domain::Content
  content_hash TEXT NOT NULL,
  approved_hash TEXT,                   -- content hash of the live approval: guarded on at the point of no return
  correcting INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL,
  heading TEXT NOT NULL,
  destinations TEXT NOT NULL,           -- JSON [[channel, language]]: lists without reading the content
  slot_at INTEGER,
  waivers TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE INDEX post_by_change ON post(org, changed_at);
CREATE INDEX post_by_slot ON post(org, slot_at) WHERE slot_at IS NOT NULL;
CREATE INDEX post_by_stage ON post(org, stage, changed_at);
CREATE INDEX post_correcting ON post(org, changed_at) WHERE correcting = 1;

CREATE TABLE decision (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  round INTEGER NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  choice TEXT NOT NULL,                 -- JSON of domain::Choice
  UNIQUE (post, round, by)              -- two taps are one decision
) STRICT;
CREATE INDEX decision_by_post ON decision(org, post);

CREATE TABLE presence (
  org TEXT NOT NULL,
  post TEXT NOT NULL,
  member TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (org, post, member)
) STRICT;

CREATE TABLE publication (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  channel TEXT NOT NULL REFERENCES channel(id),
  network TEXT NOT NULL,
  language TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (post, channel, language)      -- one version goes to one channel once
) STRICT;
CREATE INDEX publication_by_post ON publication(org, post);

-- The ledger. One row an act; its state moves only by conditional updates (house rule 2).
CREATE TABLE act (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  publication TEXT NOT NULL REFERENCES publication(id),
  post TEXT NOT NULL,
  channel TEXT NOT NULL,
  seq INTEGER NOT NULL,
  deed TEXT NOT NULL,
  state TEXT NOT NULL,
  data TEXT NOT NULL,                   -- JSON of domain::delivery::ActState
  content_hash TEXT NOT NULL,           -- what it carries must be what is approved
  rendition TEXT NOT NULL,              -- JSON of domain::Rendition, frozen
  due_at INTEGER NOT NULL,              -- slot, or next try, or next look
  ends_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,          -- also Bluesky's createdAt and rkey: the same at every try
  fence INTEGER NOT NULL DEFAULT 0,
  lease_at INTEGER,
  tried INTEGER NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL DEFAULT 0,     -- 1: a person was told
  UNIQUE (publication, seq)
) STRICT;
-- What the tick scans: only what can still move by itself.
CREATE INDEX act_due ON act(state, due_at) WHERE state IN ('waiting', 'unknown');
CREATE INDEX act_lease ON act(state, lease_at) WHERE state IN ('claimed', 'sending');
CREATE INDEX act_by_post ON act(org, post);
CREATE INDEX act_troubled ON act(org, due_at) WHERE state IN ('failed', 'held', 'unknown', 'in_hand');

CREATE TABLE attempt (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  act TEXT NOT NULL REFERENCES act(id),
  number INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  status INTEGER,
  message TEXT NOT NULL DEFAULT '',
  UNIQUE (act, number)
) STRICT;

-- What the noticeboard shows: the noticeboard is a network whose server we are.
CREATE TABLE notice (
  id TEXT PRIMARY KEY,                  -- the publication's id: a repeated create is the same row
  org TEXT NOT NULL,
  post TEXT NOT NULL,
  language TEXT NOT NULL,
  rendition TEXT NOT NULL,
  event_at INTEGER,
  published_at INTEGER NOT NULL,
  corrected_at INTEGER,
  withdrawn_at INTEGER
) STRICT;
CREATE INDEX notice_by_time ON notice(org, published_at);
CREATE INDEX notice_by_post ON notice(org, post);
CREATE INDEX notice_by_event ON notice(org, event_at) WHERE event_at IS NOT NULL;

-- The record. Rows come unsealed in the batch of the business; one sealer an organisation numbers and chains them.
CREATE TABLE record (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  at INTEGER NOT NULL,
  subject TEXT NOT NULL,
  body TEXT,
  salt TEXT,
  digest TEXT,                          -- reckoned by the sealer (10 ms: not in the request)
  seq INTEGER,
  chain TEXT,
  UNIQUE (org, seq)
) STRICT;
CREATE INDEX record_unsealed ON record(org, at) WHERE seq IS NULL;

CREATE TABLE chain_head (
  org TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  chain TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- The head of each day, published on the public feed.
CREATE TABLE chain_day (
  org TEXT NOT NULL,
  day TEXT NOT NULL,
  seq INTEGER NOT NULL,
  chain TEXT NOT NULL,
  PRIMARY KEY (org, day)
) STRICT;

-- The outbox. `key` makes a notice that is asked for twice one mail.
CREATE TABLE mail (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL,                  -- waiting, sent, failed
  tried INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  sent_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_due ON mail(due_at) WHERE state = 'waiting';
CREATE INDEX mail_by_org ON mail(org, created_at);

-- One row: the signs of life.
CREATE TABLE heartbeat (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  cron_at INTEGER,
  wake_at INTEGER,
  wake_queued_at INTEGER,
  silence_told_at INTEGER
) STRICT;
INSERT INTO heartbeat (id) VALUES (1);
