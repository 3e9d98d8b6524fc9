-- Whom the round that waits asks (JSON of domain::round::Asked): what waits for somebody is found by it, and not among what waits
-- for others. None where nothing waits.
ALTER TABLE post ADD COLUMN movers TEXT;

-- What waits already: whoever sits in any of its steps or ladders, more than are asked now; its next word writes it exactly.
UPDATE post SET movers = (
  SELECT json_object(
    'whom', json((SELECT json_group_array(json(s.value -> '$.party'))
      FROM json_each(r.round, '$.steps') p, json_each(p.value, '$[0].seats') s)),
    'later', json((SELECT json_group_array(json(s.value -> '$.party'))
      FROM json_each(r.round, '$.steps') p, json_each(p.value, '$[0].deadline.silence.ladder') s)),
    'never', json(r.round -> '$.hands'))
  FROM (SELECT COALESCE(post.stage_data -> '$.correction.round', post.stage_data -> '$.round') AS round) r)
WHERE stage = 'in_review' OR correcting = 1;

-- What has no hour, by pages: what is agreed to first, for it is what can be placed at once.
DROP INDEX post_unplaced;
CREATE INDEX post_unplaced ON post(org, (stage <> 'approved'), changed_at DESC, id DESC)
  WHERE slot_at IS NULL AND stage IN ('draft', 'in_review', 'approved');

-- By which words a post is found (`domain::sought`), and when it was begun: a list of them is in that order. An own index and no
-- FTS5, for the reasons of 0042.
CREATE TABLE post_word (
  org TEXT NOT NULL,
  word TEXT NOT NULL,
  at INTEGER NOT NULL,
  post TEXT NOT NULL,
  PRIMARY KEY (org, word, at, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_word_of ON post_word(org, post, word);

-- Whose words are not read yet: all that there are, and whatever is written anew. Read by the clock, and before somebody looks.
ALTER TABLE post ADD COLUMN unworded INTEGER NOT NULL DEFAULT 1;
CREATE INDEX post_unworded ON post(org, created_at) WHERE unworded = 1;

-- What ends soon, of one organisation, without looking through what does not.
CREATE INDEX consent_ends ON consent(org, last_day) WHERE withdrawn_at IS NULL;
CREATE INDEX template_ends ON template(org, (body ->> '$.last')) WHERE body ->> '$.last' IS NOT NULL;
CREATE INDEX reply_ends ON reply(org, (body ->> '$.until')) WHERE body ->> '$.until' IS NOT NULL;
