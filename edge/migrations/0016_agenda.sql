-- The clock of a round: when somebody is reminded, more people are asked, or the time is over.
ALTER TABLE post ADD COLUMN round_due_at INTEGER;
CREATE INDEX post_round_due ON post(round_due_at) WHERE round_due_at IS NOT NULL;
