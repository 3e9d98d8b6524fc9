-- The record as one trail: who, about which post, channel or person, and when, asked for by index. The columns follow
-- from the body by themselves: what was kept before has them too, and an erased body leaves every one of them with it.
-- Who did it: the actor, or where an entry of before has none, whoever its body names.
ALTER TABLE record ADD COLUMN who TEXT GENERATED ALWAYS AS (COALESCE(
  body ->> '$.actor.member',
  CASE body ->> '$.actor.who' WHEN 'engine' THEN 'engine' END,
  body ->> '$.actor.mailbox',
  CASE json_type(body, '$.by') WHEN 'text' THEN body ->> '$.by' END,
  body ->> '$.by.member',
  body ->> '$.decision.by.member',
  body ->> '$.waiver.by',
  body ->> '$.approval.by')) VIRTUAL;
ALTER TABLE record ADD COLUMN post TEXT GENERATED ALWAYS AS (COALESCE(
  body ->> '$.post',
  body ->> '$.about.post',
  body ->> '$.comment.post',
  body ->> '$.emergency.post')) VIRTUAL;
ALTER TABLE record ADD COLUMN channel TEXT GENERATED ALWAYS AS (body ->> '$.channel') VIRTUAL;
-- Whom it is about, besides who did it.
ALTER TABLE record ADD COLUMN about TEXT GENERATED ALWAYS AS (COALESCE(
  body ->> '$.member',
  body ->> '$.assignee.member',
  body ->> '$.to.member',
  body ->> '$.absence.member',
  body ->> '$.delegation.to.member',
  body ->> '$.delegation.to')) VIRTUAL;

-- Only of what is sealed: an entry is written into them once, by the seal.
CREATE INDEX record_by_time ON record(org, at, seq) WHERE seq IS NOT NULL;
CREATE INDEX record_by_subject ON record(org, subject, at, seq) WHERE seq IS NOT NULL;
CREATE INDEX record_by_who ON record(org, who, at, seq) WHERE seq IS NOT NULL AND who IS NOT NULL;
CREATE INDEX record_by_about ON record(org, about, at, seq) WHERE seq IS NOT NULL AND about IS NOT NULL;
CREATE INDEX record_by_post ON record(org, post, at, seq) WHERE seq IS NOT NULL AND post IS NOT NULL;
CREATE INDEX record_by_channel ON record(org, channel, at, seq) WHERE seq IS NOT NULL AND channel IS NOT NULL;
CREATE INDEX chain_day_by_seq ON chain_day(org, seq);

-- Who is writing in what: one row for each sitting, until it becomes an entry of the record. Its identity and salt are
-- drawn when it begins, so that the entry can be written by one statement over any number of them.
CREATE TABLE sitting (
  org TEXT NOT NULL,
  post TEXT NOT NULL,
  session TEXT NOT NULL,
  id TEXT NOT NULL,                     -- of the entry to come
  salt TEXT NOT NULL,
  actor TEXT NOT NULL,                  -- canonical JSON of domain::record::Actor
  began_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  saves INTEGER NOT NULL,
  before TEXT,                          -- hash of the content that it began with
  content_hash TEXT NOT NULL,
  PRIMARY KEY (org, post, session)
) STRICT, WITHOUT ROWID;
