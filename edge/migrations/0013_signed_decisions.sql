-- A decision as a signed act: what the passkey signed, with which passkey, on which site. NULL for the decisions taken
-- before there were signatures, and for those of a rehearsal.
ALTER TABLE decision ADD COLUMN signed TEXT; -- JSON: {statement, assertion, passkey, party}
-- An approval says for which times it was given. Those from before were given for any.
UPDATE post SET stage_data = json_set(stage_data, '$.approval.envelope',
    json('{"envelope":"times","from":0,"until":4102444800000}'))
  WHERE json_extract(stage_data, '$.approval.ground') = 'decided';
