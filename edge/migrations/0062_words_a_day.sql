-- What was changed last is read first: whoever looks for it has just written it, and words that it says no more are gone at once.
DROP INDEX post_unworded;
CREATE INDEX post_unworded ON post(org, changed_at) WHERE unworded = 1;

-- How many words were written down today, of posts that had none yet (`domain::sought::room`), and which day that is, in days since 1970.
ALTER TABLE heartbeat ADD COLUMN worded_day INTEGER;
ALTER TABLE heartbeat ADD COLUMN worded INTEGER NOT NULL DEFAULT 0;
