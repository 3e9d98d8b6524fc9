-- What somebody outside ticked beside the statement that a code confirms: it is kept when the code comes back.
ALTER TABLE decision_code ADD COLUMN checked TEXT; -- JSON of domain::guidance::Checked
