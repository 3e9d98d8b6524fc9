-- Whether a person publishes by hand is a property of the channel, no longer of its network: a channel that waits for
-- access is assisted, and becomes automatic with the same history.
ALTER TABLE channel ADD COLUMN assisted INTEGER NOT NULL DEFAULT 0;
UPDATE channel SET assisted = 1 WHERE network IN ('facebook', 'whatsapp', 'other');
