-- Rounds of a circuit: a post knows everybody who wrote in it, and a decision its step. What was decided under the single
-- decision of before becomes a decision in the usual circuit (one step; whoever approves, or administers).
ALTER TABLE post ADD COLUMN hands TEXT NOT NULL DEFAULT '[]'; -- JSON: members
UPDATE post SET hands = json_array(author);

CREATE TABLE decision_new (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  post TEXT NOT NULL REFERENCES post(id),
  round INTEGER NOT NULL,
  step TEXT NOT NULL,
  by TEXT NOT NULL,                     -- a member, or an address outside
  at INTEGER NOT NULL,
  data TEXT NOT NULL,                   -- JSON of domain::Decision
  signed TEXT,                          -- JSON: {statement, assertion, passkey, party}
  UNIQUE (post, round, step, by)        -- two taps are one decision
) STRICT;
INSERT INTO decision_new (id, org, post, round, step, by, at, data, signed)
  SELECT id, org, post, round, '00000000000000000000000001', by, at, json_object(
    'round', round, 'step', '00000000000000000000000001', 'by', json_object('person', 'member', 'member', by),
    'acting_for', NULL, 'hats', json_array(json_object('person', 'member', 'member', by)), 'places', json_array(0),
    'content_hash', content_hash, 'seen', content_hash, 'choice', json(choice), 'at', at), signed
  FROM decision;
DROP TABLE decision;
ALTER TABLE decision_new RENAME TO decision;
CREATE INDEX decision_by_post ON decision(org, post);

-- The open rounds and the approvals, in their new form.
CREATE TABLE round_law (law TEXT NOT NULL) STRICT;
INSERT INTO round_law VALUES (json('{"id":"00000000000000000000000001","name":"","seats":[
  {"party":{"party":"role","role":"approver"},"places":1},{"party":{"party":"role","role":"administrator"},"places":1}],
  "quorum":{"quorum":"any"},"when":[],"deadline":null,"sight":{"sight":"everything"}}'));
UPDATE post SET stage_data = json_set(stage_data, '$.round', json_object(
    'post', id, 'number', rounds, 'content_hash', json_extract(stage_data, '$.round.content_hash'),
    'channels', (SELECT json_group_array(json_extract(value, '$.channel')) FROM json_each(content, '$.targets')),
    'envelope', json_object('envelope', 'times', 'from', json_extract(stage_data, '$.round.at') - 60000,
      'until', json_extract(stage_data, '$.round.at') + 63158400000),
    'hands', json_array(author, json_extract(stage_data, '$.round.by')), 'by', json_extract(stage_data, '$.round.by'),
    'at', json_extract(stage_data, '$.round.at'), 'circuit', '00000000000000000000000001', 'version', 1,
    'steps', json_array(json_array((SELECT json(law) FROM round_law), json_extract(stage_data, '$.round.content_hash'))),
    'options', json_object('hats', 'once_a_round', 'duties', 'shared', 'again', 'everything'),
    'decisions', json_array(), 'ending', NULL))
  WHERE stage = 'in_review';
UPDATE post SET stage_data = json_set(stage_data, '$.correction.round', json_object(
    'post', id, 'number', rounds, 'content_hash', json_extract(stage_data, '$.correction.round.content_hash'),
    'channels', (SELECT json_group_array(json_extract(value, '$.channel')) FROM json_each(content, '$.targets')),
    'envelope', json_object('envelope', 'times', 'from', json_extract(stage_data, '$.correction.round.at') - 60000,
      'until', json_extract(stage_data, '$.correction.round.at') + 63158400000),
    'hands', json_array(author, json_extract(stage_data, '$.correction.round.by')),
    'by', json_extract(stage_data, '$.correction.round.by'), 'at', json_extract(stage_data, '$.correction.round.at'),
    'circuit', '00000000000000000000000001', 'version', 1,
    'steps', json_array(json_array((SELECT json(law) FROM round_law),
      json_extract(stage_data, '$.correction.round.content_hash'))),
    'options', json_object('hats', 'once_a_round', 'duties', 'shared', 'again', 'everything'),
    'decisions', json_array(), 'ending', NULL))
  WHERE correcting = 1;
UPDATE post SET stage_data = json_set(stage_data, '$.approval', json_object('ground', 'agreed', 'round', json_object(
    'post', id, 'number', rounds, 'content_hash', json_extract(stage_data, '$.approval.content_hash'),
    'channels', (SELECT json_group_array(json_extract(value, '$.channel')) FROM json_each(content, '$.targets')),
    'envelope', json(json_extract(stage_data, '$.approval.envelope')),
    'hands', json_array(author), 'by', author, 'at', json_extract(stage_data, '$.approval.at'),
    'circuit', '00000000000000000000000001', 'version', 1,
    'steps', json_array(json_array((SELECT json(law) FROM round_law),
      json_extract(stage_data, '$.approval.content_hash'))),
    'options', json_object('hats', 'once_a_round', 'duties', 'shared', 'again', 'everything'),
    'decisions', json_array(json_object(
      'round', rounds, 'step', '00000000000000000000000001',
      'by', json_object('person', 'member', 'member', json_extract(stage_data, '$.approval.by')), 'acting_for', NULL,
      'hats', json_array(json_object('person', 'member', 'member', json_extract(stage_data, '$.approval.by'))),
      'places', json_array(0), 'content_hash', json_extract(stage_data, '$.approval.content_hash'),
      'seen', json_extract(stage_data, '$.approval.content_hash'), 'choice', json_object('decision', 'approve'),
      'at', json_extract(stage_data, '$.approval.at'))),
    'ending', NULL)))
  WHERE json_extract(stage_data, '$.approval.ground') = 'decided';
-- Why it came back is kept in its decisions; a draft of before has no round to go on from.
UPDATE post SET stage_data = '{"stage":"draft","last":null}' WHERE stage = 'draft';
DROP TABLE round_law;
